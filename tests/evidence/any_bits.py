#!/usr/bin/env python3
"""P10: predict_batch and step on random bits, NaNs, infinities and denormals,
in arrays of exactly their size and the least alignment, under ASan and UBSan:
nothing undefined, nothing read or written beside them."""

import os

from common import Interface, QUICK, finish, generate, in_parallel, models, \
    run, name_of, workspace

HEAD = r"""
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static uint64_t seed = 1;
static uint32_t draw(void)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 32);
}

/* Ends where malloc's memory ends, and begins behind a multiple of 16. */
static void *fill(size_t count, size_t size)
{
    static const uint32_t special[] = {0, 0x80000000u, 0x7f800000u, 0xff800000u,
        0x7fc00000u, 0x7f800001u, 1, 0x7f7fffffu, 0x3f800000u, 0xffffffffu};
    char *start = malloc(count * size + size), *at = start + size;
    for (size_t i = 0; i < count * size; i += 4) {
        uint32_t bits = draw() % 3 ? draw() : special[draw() % 10];
        memcpy(at + i, &bits, 4);
    }
    return at;
}
"""
SAMPLES = 19 # more than lanes have
FLAGS = ["-std=c99", "-g", "-O1", "-fno-sanitize-recover=all",
         "-fsanitize=address,undefined,float-cast-overflow"]


def body(name, ports, streams, any_timesteps, rounds):
    lines = ["for (int k = 0; k < %d; k++) {" % rounds]
    calls = []
    for kind, port, size in ports:
        lines.append("    %s *%s = fill(%d, sizeof(%s));"
                     % (kind, port, SAMPLES * size, kind))
    ins = [p for p in ports if p[3:] != ("out",)]
    names = [port for _, port, _ in ins]
    calls.append("    %s_predict_batch(%s, %d);" % (name, ", ".join(
        names[:any_timesteps[1]] + any_timesteps[0]
        + names[any_timesteps[1]:]), SAMPLES))
    if streams:
        calls.append("    %s_state s; %s_reset(&s);" % (name, name))
        calls.append("    for (int t = 0; t < 4; t++) %s_step(&s, %s);"
                     % (name, ", ".join(names)))
    frees = ["    free((char *)%s - sizeof *%s);" % (n, n) for n in names]
    return "\n".join("    " + l for l in lines + calls + frees + ["}"])


def check(job):
    paths, compiler, options = job
    with workspace() as folder:
        source, main, done = HEAD, "", 0
        for path in paths:
            made = generate(path, folder, *options)
            if not made:
                continue
            name, face = name_of(path), Interface(made[1])
            source += '#include "%s"\n' % made[0]
            steps = (["5"] if face.any_timesteps else [], len(face.inputs))
            main += body(name, face.inputs + face.outputs, face.streams,
                         steps, 20) + "\n"
            done += 1
        c, program = (os.path.join(folder, n) for n in ("all_.c", "all_"))
        with open(c, "w") as f:
            f.write(source + "int main(void)\n{\n%s    return 0;\n}\n" % main)
        status, _, err = run([compiler, *FLAGS, "-o", program, c])
        if not status:
            status, _, err = run([program])
        return done, "%s: %s" % (compiler, err) if status else None


def main():
    paths = models(8 if QUICK else 160)
    group = 10
    jobs = []
    for k in range(0, len(paths), group):
        options = ([], ["--type=double"], ["--unroll=none"])[k // group % 3]
        jobs.append((paths[k:k + group], ("gcc", "clang")[k // group % 2],
                     options))
    found = in_parallel(check, jobs)
    finish([f for _, f in found if f],
           "%d models, 20 rounds each, no report" % sum(n for n, _ in found))


main()
