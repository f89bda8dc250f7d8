/* buf.c -- growable text, and files that are read or written as a whole. */

#include "rnnc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Text ---------------------------------------------------------------- */

bool in_name(char c) /* whatever the locale */
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_';
}

/* Doubling makes adding n bytes one at a time O(n). SIZE_MAX / 2 keeps the
 * doubling itself from overflowing. */
/* Room for `more` bytes and the terminating NUL. */
static void reserve(Buf *b, size_t more)
{
    if (b->capacity - b->size > more)
        return;
    if (more > SIZE_MAX / 2 - 1 - b->size)
        out_of_memory();
    size_t capacity = b->capacity ? b->capacity * 2 : 256;
    if (capacity < b->size + more + 1)
        capacity = b->size + more + 1;
    char *data = realloc(b->data, capacity);
    if (!data)
        out_of_memory();
    b->data = data;
    b->capacity = capacity;
}

void buf_add(Buf *b, const char *text, size_t size)
{
    reserve(b, size);
    if (size)
        memcpy(b->data + b->size, text, size);
    b->size += size;
    b->data[b->size] = '\0';
}

void buf_puts(Buf *b, const char *text)
{
    buf_add(b, text, strlen(text));
}

void buf_printf(Buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int length = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (length < 0)
        out_of_memory();
    reserve(b, (size_t)length);
    vsnprintf(b->data + b->size, (size_t)length + 1, fmt, again);
    va_end(again);
    b->size += (size_t)length;
}

void buf_free(Buf *b)
{
    free(b->data);
    *b = (Buf){0};
}

/* ---- Reading ------------------------------------------------------------- */

const char file_too_large[] = "is larger than --max-bytes";

static const char *read_stream(FILE *file, size_t max, Buf *out)
{
    struct stat st;
    const size_t most = 16 << 20; /* at once: progress() wants its turn */
    size_t step = 64 * 1024, start = out->size;
    if (fstat(fileno(file), &st) != 0)
        return strerror(errno);
    if (S_ISDIR(st.st_mode))
        return "is a directory";
    if (S_ISREG(st.st_mode) && st.st_size > 0) {
        if ((uintmax_t)st.st_size > max)
            return file_too_large;
        step = (size_t)st.st_size + 1; /* one more, to see the end at once */
    }
    buf_add(out, "", 0); /* an empty file is an empty text, not NULL */
    while (!feof(file)) {
        reserve(out, step);
        size_t piece = step < most ? step : most;
        out->size += fread(out->data + out->size, 1, piece, file);
        progress("reading", (int64_t)(out->size - start), 0);
        out->data[out->size] = '\0';
        if (ferror(file))
            return strerror(errno);
        /* What is no regular file has no size to look at beforehand. */
        if (out->size - start > max)
            return file_too_large;
        step = step > piece ? step - piece : 64 * 1024;
    }
    return NULL;
}

const char *file_read(const char *path, size_t max, Buf *out)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "rb");
    if (!file)
        return strerror(errno);
    const char *why = read_stream(file, max, out);
    if (!standard)
        fclose(file);
    if (why)
        buf_free(out);
    return why;
}

/* ---- Writing ------------------------------------------------------------- */

/* The file that a signal or an error has to remove. */
static char *volatile unfinished;

static const int fatal_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGXFSZ};
enum { FATAL_SIGNALS = 4, MAX_LINKS = 40, MAX_TRIES = 1000 };

/* Calls only what POSIX lists as safe in a handler. Dying of the same signal
 * tells make and the shell what happened. */
static void remove_unfinished(int number)
{
    if (unfinished)
        unlink(unfinished);
    signal(number, SIG_DFL);
    raise(number); /* delivered when the handler returns */
}

/* Only while a file is being written; the rest of the program has nothing
 * to clean up. */
static void catch_signals(struct sigaction *before)
{
    struct sigaction action = {.sa_handler = remove_unfinished};
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < FATAL_SIGNALS; i++) {
        sigaction(fatal_signals[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN) /* nohup stays in force */
            sigaction(fatal_signals[i], &action, NULL);
    }
}

static void release_signals(const struct sigaction *before)
{
    for (int i = 0; i < FATAL_SIGNALS; i++)
        sigaction(fatal_signals[i], &before[i], NULL);
}

/* Bytes of the folder part of a path, with its slash. */
static int folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (int)(slash + 1 - path) : 0;
}

/* Where a chain of symbolic links ends, so that the rename replaces the file
 * and not the link. The last file need not exist. */
static char *follow_links(Arena *a, const char *path)
{
    char target[4096];
    char *at = arena_printf(a, "%s", path);
    for (int i = 0; i < MAX_LINKS; i++) {
        ssize_t length = readlink(at, target, sizeof target - 1);
        if (length < 0)
            return at;
        target[length] = '\0';
        int folder = target[0] == '/' ? 0 : folder_length(at);
        at = arena_printf(a, "%.*s%s", folder, at, target);
    }
    errno = ELOOP;
    return NULL;
}

/* Closes the file in any case. */
static const char *write_stream(FILE *file, const char *data, size_t size)
{
    bool ok = fwrite(data, 1, size, file) == size && fflush(file) == 0;
    int error = errno;
    if (file != stdout && fclose(file) != 0 && ok) {
        ok = false;
        error = errno;
    }
    return ok ? NULL : strerror(error);
}

/* A new file beside `path`. The process number keeps parallel runs apart,
 * O_EXCL those on other machines; the kernel applies the umask. */
static FILE *create_beside(Arena *a, const char *path)
{
    int fd = -1;
    for (int i = 0; fd < 0 && i < MAX_TRIES; i++) {
        char *name = arena_printf(a, "%.*s.rnnc-%ld-%d.tmp",
                                  folder_length(path), path, (long)getpid(), i);
        unfinished = name; /* before it exists: no signal may fall between */
        fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    FILE *file = fd < 0 ? NULL : fdopen(fd, "wb");
    if (fd >= 0 && !file) {
        close(fd);
        unlink(unfinished);
    }
    if (!file)
        unfinished = NULL;
    return file;
}

/* The target is touched by the rename alone, which is atomic. A file that
 * was there keeps its permissions. */
static const char *replace(Arena *a, const char *path, const struct stat *old,
                           const char *data, size_t size)
{
    char *target = follow_links(a, path);
    FILE *file = target ? create_beside(a, target) : NULL;
    if (!file)
        return strerror(errno);
    if (old)
        fchmod(fileno(file), old->st_mode & 0777);
    const char *why = write_stream(file, data, size);
    if (!why && rename(unfinished, target) != 0)
        why = strerror(errno);
    if (why)
        unlink(unfinished);
    unfinished = NULL;
    return why;
}

/* Devices and pipes cannot be replaced by a file. */
static const char *write_in_place(const char *path, const char *data,
                                  size_t size)
{
    FILE *file = fopen(path, "wb");
    return file ? write_stream(file, data, size) : strerror(errno);
}

/* /dev/stdout redirected to a file: replacing that file would lose what
 * others write to it. */
static bool is_stdout(const struct stat *st)
{
    struct stat out;
    return fstat(STDOUT_FILENO, &out) == 0 && out.st_dev == st->st_dev &&
           out.st_ino == st->st_ino;
}

const char *file_write(const char *path, const char *data, size_t size)
{
    struct stat st;
    bool exists = stat(path, &st) == 0;
    if (strcmp(path, "-") == 0 || (exists && is_stdout(&st)))
        return write_stream(stdout, data, size);
    if (exists && S_ISDIR(st.st_mode))
        return "is a directory";
    if (exists && !S_ISREG(st.st_mode))
        return write_in_place(path, data, size);
    if (exists && access(path, W_OK) != 0) /* rename would not mind */
        return strerror(errno);

    struct sigaction before[FATAL_SIGNALS];
    Arena *a = arena_new();
    catch_signals(before);
    const char *why = replace(a, path, exists ? &st : NULL, data, size);
    release_signals(before);
    arena_free(a);
    return why;
}
