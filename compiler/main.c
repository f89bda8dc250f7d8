/* main.c -- the pipeline, on one screen. So far there is none. */

#include "rnnc.h"

int main(void)
{
    return EXIT_INTERNAL;
}
