/* formats/nam_wavenet.h -- one array of a WaveNet's layers, as its config says.
 */

#ifndef RNNC_NAM_WAVENET_H
#define RNNC_NAM_WAVENET_H

#include "nam.h"

typedef enum { UNGATED, GATED, BLENDED } Gating;

typedef struct Stack { /* one array */
    const At *at;
    const char *name;
    int channels, bottleneck, condition, groups, mixin_groups;
    bool deep, wide; /* layer1x1 and head1x1 */
    int deep_groups, wide_groups, wide_out;
    int head, head_size, head_dilation;
    bool head_bias;
} Stack;

bool nam_read_stack(Nam *m, Stack *s);
bool nam_read_gating(const Nam *m, const Stack *s, int index, Gating *out);
bool nam_check_lists(const Nam *m, const Stack *s, int layers);
bool nam_check_sizes(const Nam *m, const Stack *s, int input, int condition,
                     int head);
At nam_entry(const At *at, int index);

#endif
