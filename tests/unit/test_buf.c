/* test_buf.c -- text that grows, and files that are whole or absent. */

#include "rnnc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

static char folder[] = "/tmp/test_buf.XXXXXX";

static int setup(void **state)
{
    (void)state;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static int files_here(void)
{
    DIR *dir = opendir(".");
    int count = -2; /* . and .. */
    assert_non_null(dir);
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

static void contains(const char *path, const char *text)
{
    Buf b = {0};
    assert_null(file_read(path, 1 << 20, &b));
    assert_int_equal(b.size, strlen(text));
    assert_string_equal(b.data, text);
    buf_free(&b);
}

static void test_text(void **state)
{
    Buf b = {0};
    (void)state;
    buf_add(&b, NULL, 0);
    assert_string_equal(b.data, "");
    for (int i = 0; i < 1000; i++) {
        buf_puts(&b, "ab");
        buf_printf(&b, "%d%s", i % 10, "");
        buf_add(&b, "\0", 1);
        assert_int_equal(b.data[b.size], 0);
    }
    assert_int_equal(b.size, 4000);
    assert_memory_equal(b.data + 3996, "ab9", 4);
    buf_free(&b);
    assert_null(b.data);
    for (int i = 0; i < 3; i++) /* a text larger than all room so far */
        buf_printf(&b, "%*d", 1000, 7);
    assert_int_equal(b.size, 3000);
    buf_free(&b);
}

static void test_arena(void **state)
{
    Arena *a = arena_new();
    (void)state;
    for (size_t i = 0; i < 3000; i++) {
        char *p = arena_alloc(a, i % 97, i % 13 * 30 + 1);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
        for (size_t k = 0; k < i % 97 * (i % 13 * 30 + 1); k++)
            assert_int_equal(p[k], 0);
        memset(p, 0xff, i % 97 * (i % 13 * 30 + 1));
    }
    assert_string_equal(arena_printf(a, "%s-%d", "x", 3), "x-3");
    assert_string_equal(arena_strndup(a, "hello", 4), "hell");
    arena_free(a);
    arena_free(NULL);
}

/* In a child: a product that overflows ends the program. */
static void test_arena_overflow(void **state)
{
    int status;
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        close(STDERR_FILENO);
        arena_alloc(arena_new(), SIZE_MAX / 8, 9);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), EXIT_IO);
}

static void test_read(void **state)
{
    Buf b = {0};
    (void)state;
    assert_null(file_write("f", "12345", 5));
    contains("f", "12345");
    assert_null(file_read("f", 5, &b));
    buf_free(&b);
    assert_string_equal(file_read("f", 4, &b), "is larger than --max-bytes");
    assert_null(b.data);
    assert_string_equal(file_read("/dev/zero", 100000, &b),
                        "is larger than --max-bytes");
    assert_string_equal(file_read(".", 100, &b), "is a directory");
    assert_string_equal(file_read("none", 100, &b), strerror(ENOENT));
    assert_null(file_read("/dev/null", 0, &b));
    assert_string_equal(b.data, "");
    buf_free(&b);
    unlink("f");
}

/* Through standard input, which is a pipe here. */
static void test_read_stdin(void **state)
{
    int ends[2], saved = dup(STDIN_FILENO);
    Buf b = {0};
    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "a\0b", 3), 3);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    assert_null(file_read("-", 3, &b));
    assert_int_equal(b.size, 3);
    assert_memory_equal(b.data, "a\0b", 4);
    buf_free(&b);
    dup2(saved, STDIN_FILENO);
    clearerr(stdin);
    close(saved), close(ends[0]);
}

static void test_write(void **state)
{
    struct stat st;
    (void)state;
    mode_t mask = umask(027);
    assert_null(file_write("new", "text", 4));
    assert_int_equal(stat("new", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    chmod("new", 0600); /* an existing file keeps its own */
    assert_null(file_write("new", "", 0));
    contains("new", "");
    assert_int_equal(stat("new", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(files_here(), 1);
    umask(mask);
    unlink("new");
}

static void test_write_refused(void **state)
{
    (void)state;
    assert_string_equal(file_write("none/f", "x", 1), strerror(ENOENT));
    assert_string_equal(file_write(".", "x", 1), "is a directory");
    assert_string_equal(file_write("/dev/full", "x", 1), strerror(ENOSPC));
    assert_null(file_write("/dev/null", "x", 1));
    assert_string_equal(file_write("", "x", 1), strerror(ENOENT));
    assert_int_equal(symlink("b", "a") | symlink("a", "b"), 0);
    assert_string_equal(file_write("a", "x", 1), strerror(ELOOP));
    unlink("a"), unlink("b");
    assert_int_equal(files_here(), 0);
}

/* The link stays, what it points at is replaced. */
static void test_symlink(void **state)
{
    struct stat st;
    (void)state;
    assert_int_equal(mkdir("sub", 0777), 0);
    assert_int_equal(symlink("real", "sub/link"), 0);
    assert_int_equal(symlink("sub/link", "link"), 0);
    assert_null(file_write("link", "one", 3)); /* dangling at first */
    assert_null(file_write("link", "two", 3));
    contains("sub/real", "two");
    assert_int_equal(lstat("link", &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_int_equal(lstat("sub/link", &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    unlink("sub/real"), unlink("sub/link"), unlink("link");
    assert_int_equal(rmdir("sub"), 0);
}

/* The disk is full half-way: the old text stays, and nothing else. */
static void test_failure_keeps_old(void **state)
{
    struct rlimit old, low;
    static char text[200000];
    (void)state;
    assert_null(file_write("f", "old", 3));
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    low = old;
    low.rlim_cur = 100000;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
    const char *why = file_write("f", text, sizeof text);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_string_equal(why, strerror(EFBIG));
    contains("f", "old");
    assert_int_equal(files_here(), 1);
    unlink("f");
}

/* Killed at random moments, a writer leaves the old text or the new one. */
static void test_signals(void **state)
{
    static char text[2000000];
    (void)state;
    memset(text, 'x', sizeof text);
    assert_null(file_write("f", text, sizeof text));
    for (int i = 0; i < 40; i++) {
        struct timespec pause = {0, i * 150000};
        int status, number = i % 2 ? SIGTERM : SIGINT;
        pid_t child = fork();
        if (child == 0)
            for (;;)
                file_write("f", text, sizeof text);
        nanosleep(&pause, NULL);
        kill(child, number);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == number);
        assert_int_equal(files_here(), 1);
        struct stat st;
        assert_int_equal(stat("f", &st), 0);
        assert_int_equal(st.st_size, sizeof text);
    }
    unlink("f");
}

static void test_parallel(void **state)
{
    char text[5000];
    (void)state;
    for (int i = 0; i < 4; i++)
        if (fork() == 0) {
            memset(text, 'a' + i, sizeof text);
            for (int k = 0; k < 200; k++)
                if (file_write("f", text, sizeof text))
                    _exit(1);
            _exit(0);
        }
    for (int i = 0; i < 4; i++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    Buf b = {0};
    assert_null(file_read("f", sizeof text, &b));
    assert_int_equal(b.size, sizeof text);
    for (size_t i = 1; i < b.size; i++)
        assert_int_equal(b.data[i], b.data[0]);
    buf_free(&b);
    assert_int_equal(files_here(), 1);
    unlink("f");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_arena),
        cmocka_unit_test(test_arena_overflow),
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_read_stdin),
        cmocka_unit_test(test_write),
        cmocka_unit_test(test_write_refused),
        cmocka_unit_test(test_symlink),
        cmocka_unit_test(test_failure_keeps_old),
        cmocka_unit_test(test_signals),
        cmocka_unit_test(test_parallel),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
