/* arena.c -- memory that lives as long as the compilation.
 *
 * Nothing is freed alone, so no structure needs an owner or a destructor.
 * Running out of memory ends the program here and nowhere else. */

#include "rnnc.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

/* The data starts at an address that suits any type, so every piece of a
 * block does if their sizes are multiples of the alignment. */
typedef struct Block {
    struct Block *next;
    size_t used, size;
    alignas(max_align_t) char data[];
} Block;

typedef struct Deferred {
    struct Deferred *next;
    void (*release)(void *thing);
    void *thing;
} Deferred;

struct Arena {
    Block *first;
    Deferred *deferred; /* the latest first */
};

/* Large enough that malloc costs nothing, small enough for a tiny model. */
enum { BLOCK_SIZE = 64 * 1024 };

/* Formats nothing: there may be no memory for that either. */
void out_of_memory(void)
{
    progress_end();
    fputs("rnnc: error: out of memory\n", stderr);
    exit(EXIT_IO);
}

Arena *arena_new(void)
{
    Arena *a = calloc(1, sizeof *a);
    if (!a)
        out_of_memory();
    return a;
}

void arena_free(Arena *a)
{
    if (!a)
        return;
    for (Deferred *d = a->deferred; d; d = d->next)
        d->release(d->thing);
    for (Block *b = a->first, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(a);
}

/* calloc, because weights are large and fresh pages are zero already. */
static Block *new_block(size_t size)
{
    if (size > SIZE_MAX - sizeof(Block))
        out_of_memory();
    Block *b = calloc(1, sizeof *b + size);
    if (!b)
        out_of_memory();
    b->size = size;
    return b;
}

/* A large request gets a block of its own behind the first one, which stays
 * in use for the small ones. */
static void *alloc_large(Arena *a, size_t size)
{
    Block *b = new_block(size);
    b->used = size;
    Block **where = a->first ? &a->first->next : &a->first;
    b->next = *where;
    *where = b;
    return b->data;
}

void *arena_alloc(Arena *a, size_t count, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size && count > (SIZE_MAX - align) / size)
        out_of_memory();
    size_t total = (count * size + align - 1) / align * align;
    if (total > BLOCK_SIZE / 4)
        return alloc_large(a, total);

    Block *b = a->first;
    if (!b || b->size - b->used < total) {
        b = new_block(BLOCK_SIZE);
        b->next = a->first;
        a->first = b;
    }
    void *memory = b->data + b->used;
    b->used += total;
    return memory;
}

/* Measures first, so that no text is ever cut. */
char *arena_printf(Arena *a, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int length = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (length < 0) /* glibc: ENOMEM, or a text beyond INT_MAX */
        out_of_memory();
    char *text = arena_alloc(a, (size_t)length + 1, 1);
    vsnprintf(text, (size_t)length + 1, fmt, again);
    va_end(again);
    return text;
}

char *arena_strndup(Arena *a, const char *text, size_t length)
{
    if (length == SIZE_MAX)
        out_of_memory();
    char *copy = arena_alloc(a, length + 1, 1);
    if (length)
        memcpy(copy, text, length);
    return copy;
}

void arena_defer(Arena *a, void (*release)(void *thing), void *thing)
{
    Deferred *d = arena_alloc(a, 1, sizeof *d);
    *d = (Deferred){a->deferred, release, thing};
    a->deferred = d;
}
