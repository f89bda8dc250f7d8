/* shim.c -- for LD_PRELOAD: lets one call fail, the one that FAIL_AT counts to;
 * with FAIL_ON all after it, too. At exit FAIL_COUNT names a file for the
 * number of calls.
 *
 *   -DMEMORY  malloc, calloc, realloc
 *   else      what rnnc calls for files: open, fopen, fdopen, fread, fwrite,
 *             fflush, fclose, rename */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static long calls, fail_at = -1, go_on;

__attribute__((constructor)) static void start(void)
{
    const char *at = getenv("FAIL_AT");
    go_on = getenv("FAIL_ON") != NULL;
    calls = 0;
    fail_at = at ? atol(at) : 0;
}

static int fails(void)
{
    if (fail_at < 0) /* before main: the loader's own */
        return 0;
    calls++;
    return fail_at && (calls == fail_at || (go_on && calls > fail_at));
}

__attribute__((destructor)) static void stop(void)
{
    const char *name = getenv("FAIL_COUNT");
    long count = calls;
    fail_at = -1;
    if (!name)
        return;
    FILE *file = fopen(name, "w");
    if (file) {
        fprintf(file, "%ld\n", count);
        fclose(file);
    }
}

#ifdef MEMORY

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
    return fails() ? (errno = ENOMEM, NULL) : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? (errno = ENOMEM, NULL) : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails() ? (errno = ENOMEM, NULL) : __libc_realloc(old, size);
}

#else

#define REAL(type, name, ...)                                                  \
    type (*real)(__VA_ARGS__);                                                 \
    *(void **)&real = dlsym(RTLD_NEXT, name)

static FILE *broken; /* a stream that ferror() shall know of */

int open(const char *path, int flags, ...)
{
    va_list ap;
    va_start(ap, flags);
    int mode = va_arg(ap, int);
    va_end(ap);
    REAL(int, "open", const char *, int, ...);
    return fails() ? (errno = EIO, -1) : real(path, flags, mode);
}

FILE *fopen(const char *path, const char *mode)
{
    REAL(FILE *, "fopen", const char *, const char *);
    return fails() ? (errno = EIO, NULL) : real(path, mode);
}

FILE *fdopen(int fd, const char *mode)
{
    REAL(FILE *, "fdopen", int, const char *);
    return fails() ? (errno = EIO, NULL) : real(fd, mode);
}

size_t fread(void *to, size_t size, size_t count, FILE *file)
{
    REAL(size_t, "fread", void *, size_t, size_t, FILE *);
    if (!fails())
        return real(to, size, count, file);
    broken = file;
    errno = EIO;
    return 0;
}

int ferror(FILE *file)
{
    REAL(int, "ferror", FILE *);
    return file == broken || real(file);
}

size_t fwrite(const void *from, size_t size, size_t count, FILE *file)
{
    REAL(size_t, "fwrite", const void *, size_t, size_t, FILE *);
    if (file == stderr || !fails())
        return real(from, size, count, file);
    errno = ENOSPC;
    return 0;
}

int fflush(FILE *file)
{
    REAL(int, "fflush", FILE *);
    if (file == stderr || !fails())
        return real(file);
    errno = ENOSPC;
    return EOF;
}

int fclose(FILE *file)
{
    REAL(int, "fclose", FILE *);
    if (!fails())
        return real(file);
    real(file);
    errno = EIO;
    return EOF;
}

int rename(const char *from, const char *to)
{
    REAL(int, "rename", const char *, const char *);
    return fails() ? (errno = EIO, -1) : real(from, to);
}

#endif
