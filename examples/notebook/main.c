/* main.c -- runs the generated network on the notebook's sequence.
 *
 * Built twice by run.sh: with -DREAL=float and with -DREAL=double. The values
 * it prints beside its own are those that the notebook printed. */

#include <stdio.h>

#include "notebook.h"

enum { T = 10, D = 3, K = 2 };

/* numpy.random.RandomState(42).randn(1, 10, 3), as the notebook draws it. */
static const double drawn[T * D] = {
    0.4967141530112327,   -0.13826430117118466, 0.6476885381006925,
    1.5230298564080254,   -0.23415337472333597, -0.23413695694918055,
    1.5792128155073915,   0.7674347291529088,   -0.4694743859349521,
    0.5425600435859647,   -0.46341769281246226, -0.46572975357025687,
    0.24196227156603412,  -1.913280244657798,   -1.7249178325130328,
    -0.5622875292409727,  -1.0128311203344238,  0.3142473325952739,
    -0.9080240755212109,  -1.4123037013352915,  1.465648768921554,
    -0.22577630048653566, 0.06752820468792384,  -1.4247481862134568,
    -0.5443827245251827,  0.11092258970986608,  -1.1509935774223028,
    0.37569801834567196,  -0.600638689918805,   -0.2916937497932768};

int main(void)
{
    int is_float = sizeof(REAL) == sizeof(float);
    REAL x[T * D], y[K], steps[T * K];
    notebook_state state;

    for (int i = 0; i < T * D; i++)
        x[i] = (REAL)drawn[i];

    /* The whole sequence at once. */
    notebook_predict(x, y);
    printf("%-6s  rnnc      %.8f %.8f\n", is_float ? "float" : "double",
           (double)y[0], (double)y[1]);
    printf("        notebook  %s\n",
           is_float ? "0.61979914 0.50029945" : "0.61979921 0.50029954");

    /* The same, as a stream: one output for every timestep. */
    notebook_reset(&state);
    notebook_process(&state, x, steps, T);
    printf("        every step:");
    for (int t = 0; t < T; t++)
        printf(" %.4f", (double)steps[t * K]);
    printf("\n");
    return 0;
}
