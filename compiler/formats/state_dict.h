/* formats/state_dict.h -- what the files of the reader for PyTorch's
 * state_dict share. */

#ifndef RNNC_STATE_DICT_H
#define RNNC_STATE_DICT_H

#include "build.h"

typedef struct StateDict {
    Build b;
    const At *dict;
    bool *used;  /* parallel to the members of dict */
    Shape shape; /* of what the last layer makes; rank 0: unknown */
    /* The last layer flattened [timesteps, channels], or planes, channels
     * first, and the columns of the next Linear have to be turned. */
    bool turned;
    int timesteps, channels;
} StateDict;

/* One entry of "architecture". */
typedef struct TorchLayer {
    StateDict *s;
    Build *b;
    const At *at;
    const char *type;
    const char *module; /* "encoder.lstm"; NULL: none given */
} TorchLayer;

enum { TORCH_KEYS = 10 };  /* of a row, without "type" and "module" */
typedef struct TorchType { /* one row for each class of torch.nn */
    const char *type;
    bool (*read)(TorchLayer *l);
    bool tensors; /* it has some, so "module" is required */
    const char *keys[TORCH_KEYS];
} TorchType;

/* ---- state_dict_tensors.c --------------------------------------------------
 */

/* The module of a tensor: "a.b" of "a.b.weight". */
const char *torch_module(Arena *a, const char *key);
bool torch_in_module(const char *key, const char *module);
/* The name of a layer's tensor: "lstm.weight_ih_l0". */
const char *torch_key(const TorchLayer *l, const char *tensor);
/* Whether it is there. */
bool torch_has(const TorchLayer *l, const char *tensor);
/* Reads it; ANY fits all sizes. */
bool torch_read(TorchLayer *l, const char *tensor, Shape shape, Values *out);
/* Notes that a layer takes this tensor, read or not. */
void torch_take(TorchLayer *l, const char *tensor);
/* key, an integer, 3 or [3]; *out stays where it is absent. */
bool torch_int(const TorchLayer *l, const char *key, int min, int *out);
/* Where a key of the layer says what the tensors say as well, it has to say the
 * same. */
bool torch_agree(const TorchLayer *l, const char *key, int value);
bool torch_agree_bool(const TorchLayer *l, const char *key, bool value);
/* The size of the last axis, ANY while unknown. */
int torch_features(const StateDict *s);
void torch_set_features(StateDict *s, int features);
/* Rows of features, with a time axis. */
bool torch_want_sequence(const TorchLayer *l);

/* ---- state_dict_hint.c --------------------------------------------------- */

/* Reports that "architecture" is missing, with one made from the keys. */
void torch_suggest(StateDict *s);

/* ---- state_dict_rnn.c, state_dict_layers.c ------------------------------- */

bool torch_recurrent(TorchLayer *l);
bool torch_linear_layer(TorchLayer *l);
bool torch_conv1d(TorchLayer *l);
bool torch_batch_norm(TorchLayer *l);
bool torch_layer_norm(TorchLayer *l);
bool torch_normalize(TorchLayer *l);
bool torch_prelu(TorchLayer *l);

/* ---- state_dict_planes.c ------------------------------------------------- */

bool torch_conv2d(TorchLayer *l);
bool torch_pool2d(TorchLayer *l);
bool torch_global_pool2d(TorchLayer *l);

/* ---- state_dict_types.c -------------------------------------------------- */

/* The row of a class, or NULL; the names of all. */
const TorchType *torch_type(const char *name);
const char *const *torch_types(void);
/* "activation": "tanh" of a layer, into its node. */
bool torch_activation(TorchLayer *l, Node *n);

#endif
