/* rnnc.h -- the types and functions that the compiler's files share, in the
 * order in which data flows through them:
 *
 *   file -> json -> formats/ -> Graph -> passes/ -> Plan -> templates -> C
 *
 * Conventions. Everything lives in one Arena and is freed together at exit.
 * A function that returns bool or a pointer returns false or NULL only after
 * it has reported why with error_at() or error_file(). Shapes exclude the
 * batch dimension; arrays are row-major, outermost dimension first.
 *
 * Common short names: g graph, n node, at place in the JSON, src source;
 * in kernels x in, y out, z before the activation, h hidden state,
 * f feature, u unit, t timestep. */

#ifndef RNNC_H
#define RNNC_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define RNNC_VERSION "0.1.0"

#ifdef __GNUC__
#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))
#define NORETURN                __attribute__((noreturn))
#else
#define PRINTF_LIKE(fmt, first)
#define NORETURN
#endif

/* Limits of the input, each with a file in tests/errors/. */
enum {
    MAX_RANK = 8,
    MAX_ATTRS = 16,
    MAX_WEIGHTS = 8,
    MAX_STATES = 4,
    MAX_INNER = 2, /* layers in a wrapper */
    MAX_LAYERS = 4096,
    MAX_PORTS = 64,    /* inputs, and outputs, of a model */
    MAX_DIM = 1 << 24, /* of one dimension */
    MAX_NESTING = 32,
    MAX_STRING = 255, /* bytes, except base64 data... */
    MAX_PIECE = 1024, /* ...and pieces of it in arrays */
    MAX_NUMBER = 64,  /* characters of one number */
    MAX_ERRORS = 20,  /* reported in one run */
    MAX_LIST = 16     /* of an option that may be repeated */
};
#define MAX_ELEMENTS INT64_C(2147483647) /* of a tensor, and of all weights */

/* Exit statuses, as product documents promise them. */
enum {
    EXIT_DONE = 0,
    EXIT_MODEL = 1,
    EXIT_USAGE = 2,
    EXIT_IO = 3,
    EXIT_SAMPLES = 4,
    EXIT_INTERNAL = 70
};

typedef struct Node Node;
typedef struct Op Op;
typedef struct Graph Graph;

/* ---- arena.c: memory that lives as long as the compilation --------------- */

typedef struct Arena Arena;

Arena *arena_new(void);
void arena_free(Arena *a);
/* count * size zeroed bytes, aligned for any type; never NULL: running out
 * of memory (or overflowing the product) ends the program with EXIT_IO. */
void *arena_alloc(Arena *a, size_t count, size_t size);
/* Calls release(thing) when the arena is freed. */
void arena_defer(Arena *a, void (*release)(void *thing), void *thing);
char *arena_printf(Arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
char *arena_strndup(Arena *a, const char *text, size_t length);
NORETURN void out_of_memory(void);

/* ---- buf.c: growable text and files -------------------------------------- */

typedef struct Buf {
    char *data; /* always terminated with NUL; free with buf_free */
    size_t size, capacity;
} Buf;

void buf_add(Buf *b, const char *text, size_t size);
void buf_puts(Buf *b, const char *text);
void buf_printf(Buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_free(Buf *b);
/* A letter, a digit or _, of which names in C consist. */
bool in_name(char c);
/* Reads a whole file ("-": standard input) of at most `max` bytes. Returns
 * NULL on success, else what went wrong (static text or strerror). */
const char *file_read(const char *path, size_t max, Buf *out);
extern const char file_too_large[]; /* one of these: a limit, no failure */
/* Writes a file completely or not at all: a temporary file beside it, then
 * rename ("-": standard output; other than regular files are written in
 * place). Returns as file_read does. */
const char *file_write(const char *path, const char *data, size_t size);

/* ---- sha256.c, base64.c, number.c: encodings ----------------------------- */

/* FIPS 180-4; hex is the lower-case digest, terminated. */
void sha256_hex(const void *data, size_t size, char hex[65]);
/* Strict RFC 4648: no white space, canonical padding. Writes the decoded
 * bytes to out (at least size / 4 * 3) and returns their number, or -1. */
ptrdiff_t base64_decode(const char *text, size_t size, unsigned char *out);
/* Appends the encoding of data. */
void base64_encode(Buf *b, const void *data, size_t size);
/* The shortest decimal that reads back as the same float or double, always
 * with '.' or 'e', without a suffix; text holds 32 characters. */
void number_float(char *text, float value);
void number_double(char *text, double value);
float half_to_float(uint16_t bits);     /* IEEE 754 binary16 */
float bfloat16_to_float(uint16_t bits); /* upper half of a binary32 */

/* ---- progress.c: long work shows itself ---------------------------------- */

/* On a terminal, after a second: "rnnc: reading, 43 %". */
void progress_start(bool quiet);
/* What is being done, of how much; total 0: done is bytes, and 0 nothing. */
void progress(const char *doing, int64_t done, int64_t total);
void progress_end(void); /* before anything else is printed */

/* ---- diag.c: messages ---------------------------------------------------- */

/* One input file. Errors are counted over all files of a run. */
typedef struct Source {
    const char *file; /* as the user gave it; "-" shows as <stdin> */
    const char *text; /* terminated with NUL */
    size_t size;
    Arena *arena;
} Source;

typedef enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } Color;
void diag_setup(Color color, bool quiet);
int error_count(void);
bool color_enabled(void); /* for standard error */
/* "file:line:col: error: message" and, on a terminal, the line and a caret.
 * offset is a byte offset into src->text. */
void error_offset(const Source *src, size_t offset, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
void error_offset_v(const Source *src, size_t offset, const char *prefix,
                    const char *fmt, va_list ap);
/* "file: error: message" or, with file NULL, "rnnc: error: message". */
void error_file(const char *file, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* The entry of names (NULL-terminated) that is at most two edits (a third of
 * its length) away from name, or NULL: for "did you mean". */
const char *nearest(const char *name, const char *const *names);
/* Text that is safe to print in a message: at most 60 bytes, control and
 * non-ASCII bytes as \xNN. */
const char *printable(Arena *a, const char *text);

/* ---- json.c, scan.c: strict JSON with places ----------------------------- */

typedef struct cJSON Json; /* cJSON.h is seen by json.c and formats/ only */

/* A value and how it was reached. An At lives on its reader's stack and
 * points at the At it was reached from, so a path costs nothing until a
 * message needs it. */
typedef struct At {
    const Json *json; /* the value, or NULL when it is absent */
    const struct At *parent;
    const char *key; /* member name; NULL for an array element */
    int index;       /* element number when key is NULL */
} At;

/* Checks the whole text against RFC 8259 and the limits above; reports the
 * first fault. A leading UTF-8 byte order mark is accepted. */
bool json_scan(Source *src);
/* json_scan, then the tree, then duplicate keys (all are reported).
 * Free with json_free. */
Json *json_parse(Source *src);
void json_free(Json *json);
At at_root(const Json *json);
At at_key(const At *object, const char *key);
At at_item(const At *array, const Json *item, int index);
/* Like at_key, for a member that is known already: duplicates have the same
 * key, and a lookup would always find the first. */
At at_member(const At *object, const Json *member);
const Json *json_first(const Json *array); /* child and next of a container */
const Json *json_next(const Json *item);
int json_size(const Json *array_or_object);
char *at_path(Arena *a, const At *at);             /* JSON pointer, RFC 6901 */
size_t at_offset(const Source *src, const At *at); /* byte offset in text */
/* "file:line:col: error: /json/pointer: message" */
void error_at(const Source *src, const At *at, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* The same for a key that is absent: "key" is missing, at its object. */
void error_missing(const Source *src, const At *at);
bool at_is_object(const At *at);
bool at_is_array(const At *at);
bool at_is_string(const At *at);
bool at_is_number(const At *at);
bool at_is_bool(const At *at);
bool at_is_null(const At *at);
/* The value if it has the type, else an error that says expected and got.
 * Integers are refused outside [min, max]. */
bool want_object(const Source *src, const At *at);
bool want_array(const Source *src, const At *at);
bool want_string(const Source *src, const At *at, const char **out);
bool want_int(const Source *src, const At *at, int min, int max, int *out);
bool want_number(const Source *src, const At *at, double *out);
bool want_bool(const Source *src, const At *at, bool *out);
/* Reports every key of the object that is not in the NULL-terminated list,
 * with "did you mean". */
bool want_keys(const Source *src, const At *object, const char *const *known);
const char *at_describe(Arena *a, const At *at); /* "got" part: short text */

/* ---- shape.c: shapes and the shape language ------------------------------ */

typedef struct Shape {
    int rank;
    int dim[MAX_RANK]; /* [timesteps, features]; ANY: known at run time */
} Shape;
enum { ANY = 0 };

/* A name with a value: what "units" or "features" in a shape text means. */
typedef struct Binding {
    const char *name;
    int64_t value;
} Binding;
enum { MAX_BINDINGS = 2 * MAX_ATTRS + MAX_RANK };
typedef struct Scope {
    Binding binding[MAX_BINDINGS];
    int count;
    Shape rest; /* the dimensions that "..." stands for */
} Scope;

bool shape_equal(const Shape *a, const Shape *b);
bool shape_fixed(const Shape *s);   /* no dimension is ANY */
int64_t shape_size(const Shape *s); /* product; ANY counts as 1; saturates */
Shape shape_tail(const Shape *s);   /* without the first dimension... */
Shape shape_part(const Shape *s, int first); /* ...or so many of them */
Shape shape_at(const Shape *s, int timesteps);    /* ANY replaced */
const char *shape_text(Arena *a, const Shape *s); /* "[10, 3]", "[any, 3]" */
void scope_bind(Scope *scope, const char *name, int64_t value);
bool scope_find(const Scope *scope, const char *name, int64_t *value);
/* Matches an input shape against a pattern such as "timesteps, features" or
 * "..., features": binds the names. False (silently) when the rank differs. */
bool shape_match(const char *pattern, const Shape *shape, Scope *scope);
/* Evaluates "..., units", "features, 4*units" or
 * "timesteps if return_sequences, units": a dimension is a sum of products
 * of names and integers, left out when the name after "if" is 0. */
Shape shape_eval(const char *text, const Scope *scope);
/* Evaluates one such dimension: "features*units + units*units". */
int64_t expr_eval(const char *text, const Scope *scope);
/* "[features=3, 4*units=32]": the text with its values, for messages. */
const char *shape_explain(Arena *a, const char *text, const Scope *scope);

/* ---- activations.c: one row for each activation -------------------------- */

typedef struct ActivationRow {
    const char *name;     /* as users write it: "hard_sigmoid" */
    const char *runtime;  /* runtime function without rn_; NULL: linear */
    const char *key;      /* what tells rows of one name apart: "slope"... */
    const char *value;    /* ...and its value here: "keras2" */
    bool fallback;        /* the row meant when the key is absent */
    const char *open;     /* what to write where no row is, on the first row */
    const char *param;    /* a number the function takes: "alpha" */
    double param_default; /* NAN: it has to be given */
    const char *param2;   /* one more, which has to be given */
    double (*eval)(double x, double param);                 /* float64 */
    double (*eval2)(double x, double param, double param2); /* instead */
    void (*eval_all)(double *z, int64_t n); /* instead: of all units at once */
    bool pairs;                             /* compares each with every other */
    const char *formula;                    /* in code comments and --explain */
    /* Whether its runtime function has a twin for lanes (twin.c): with rnnc's
     * own functions, or also with libm's and --math=exact's, which computes in
     * another type inside. */
    enum { LANES_NONE, LANES_OWN, LANES_ALWAYS } lanes;
} ActivationRow;

typedef struct Activation {
    const ActivationRow *row;
    double param, param2;
} Activation;

extern const ActivationRow activation_rows[]; /* ends with name NULL */
const ActivationRow *activation_find(const char *name);
const char *const *activation_names(void); /* each once, NULL-terminated */
/* z[n] in place, in float64 with libm. */
void activation_eval(const Activation *a, double *z, int64_t n);
/* Whether it evaluates as --math=fast computes. */
void activation_coarse(bool on);
bool activation_is_linear(const Activation *a);

/* ---- ops.c, ops/: one row for each kind of layer ------------------------- */

typedef enum {
    ATTR_INT,
    ATTR_BOOL,
    ATTR_ACTIVATION,
    ATTR_SHAPE,  /* of positive dimensions; one may be -1 */
    ATTR_LIST,   /* integers, flattened: 2, [1, 2], [[0, 1], [2, 3]]; with
                    fallback "null" there may be none */
    ATTR_RATE,   /* a number in [0, 1] */
    ATTR_NUMBER, /* with fallback "null" it may be null, NAN in the Attr */
    ATTR_CHOICE  /* one of a few words; the number is its index */
} AttrType;

typedef struct AttrSpec AttrSpec;
struct AttrSpec {
    const char *name;
    AttrType type;
    int min, max;               /* ATTR_INT: legal values */
    bool list;                  /* ATTR_INT: [3] means 3, as Keras writes it */
    const char *const *choices; /* ATTR_CHOICE: the words, then NULL */
    const char *fallback; /* JSON text of the value when absent; NULL: none */
    /* Instead of a fallback: what the rest of the layer says it is. Returns
     * the message where that leaves it open. May be NULL. */
    const char *(*settle)(const At *layer, const AttrSpec *attr, double *value);
    bool derived; /* in no file: op->bind sets it from the others */
};

typedef enum {
    WEIGHT_STORED,
    WEIGHT_FOLDED, /* in the file, but only in others in the C */
    WEIGHT_DERIVED /* in the C, but in no file: op->derive computes it */
} WeightRole;

typedef struct WeightSpec {
    const char *name;
    const char *shape; /* in the shape language, over attributes and input;
                          NULL: op->infer checks it */
    const char *when;  /* the attribute that makes it exist: a bool, or one of
                          two words, where the second does; NULL: always */
    bool optional;     /* may be left out of the file: data is NULL then */
    bool tiled;        /* the last dimension is gates * units: see Tiles */
    int narrow;        /* how many of its first dimensions are summed over, to
                          an output for each of the rest, where the template
                          can read it as --weights stores it; 0: it cannot */
    WeightRole role;
} WeightSpec;

/* What a layer does with the mask of its input; see passes/insert_masks.c. */
typedef enum {
    MASK_DROPPED,
    MASK_KEPT,
    MASK_JOINED,
    MASK_READ,
    MASK_ATTENDED,
    MASK_REFUSED
} MaskRule;
enum { MASKS_ANY, MASKS_ALL, MASKS_REFUSED }; /* "masks", of MASK_JOINED */

typedef struct StateSpec { /* what persists between timesteps */
    const char *name;
    const char *doc;     /* in the generated struct: "hidden state" */
    const char *shape;   /* an expression: the elements */
    const char *initial; /* the weight with its first value; NULL: zeros */
    bool position;       /* a size_t, an index into another state */
} StateSpec;

typedef struct Attr {
    double number; /* all types but the two below */
    Activation activation;
    Shape shape;
    At at; /* where it was read; at.json NULL when defaulted */
} Attr;

typedef struct Weight {
    const char *name;
    Shape shape;
    double *data; /* [shape]; NULL: absent. Float32 values unless the file
                     said float64 */
    bool wide;    /* the file said float64 */
    At at;        /* where it was read */
} Weight;

/* Whether a value changes along the time axis; set by passes/find_time.c. */
typedef enum {
    TIME_NONE, /* the same at every timestep, or the model has no time axis */
    TIME_EACH, /* the first dimension is time: one slice per timestep */
    TIME_LAST  /* what the steps so far amount to: a last hidden state */
} Time;

/* When the rows of a tensor come: row j with timestep j stride + delay. */
typedef struct Clock {
    int64_t stride, delay;
} Clock;

/* Of a tensor with time TIME_EACH in a model that streams: how its rows follow
 * the timesteps of the input; passes/find_clocks.c. */
typedef struct Stream {
    Clock clock;
    int64_t first;    /* timestep of the first row that is not padding */
    int64_t from, to; /* row j depends on timesteps j stride + from..to */
    bool endless;     /* ...and, by a recurrence, on all before */
    int64_t ahead;    /* rows at the end that padding behind it makes */
    Node *padded;     /* the layer that pads there */
} Stream;

/* What one row of a layer's output is made of: rows j step - before to
 * j step - before + reach of its input, zeros beyond the start; or row
 * j / repeat. */
typedef struct Window {
    int64_t step, before, reach, repeat;
    int64_t behind; /* rows that it adds behind the last one; < 0: cuts off */
} Window;

typedef struct Tensor {
    const char *name;
    Shape shape;
    Node *from;          /* NULL: model input */
    struct Tensor *mask; /* [timesteps, 1], 0 where a timestep does not count;
                            NULL: all do; set by passes/insert_masks.c */
    int level; /* of a mask: depth of the layer that made it */
    struct Tensor *live; /* what an attention layer finds of it... */
    bool unsure;         /* ...or not; passes/live_masks.c */
    Time time;
    Stream stream; /* where time is TIME_EACH; of a recurrence always */
    int64_t rows;  /* of a model input: integers, which choose from tables of so
                      many rows; 0: numbers; set by passes/find_rows.c */
    double *value; /* while the interpreter runs */
} Tensor;

struct Node {
    const Op *op; /* row of the op table */
    const char *name;
    const char *ident; /* C identifier with the model's prefix; names.c */
    At at;             /* where it was read, for messages */
    Tensor **in;       /* [inputs] */
    int inputs;
    /* So many TimeDistributed are around it: it is applied to each slice along
     * as many first dimensions, and its op's functions see slices. Or not: what
     * does the same to whole tensors has distributed 0. */
    int depth, distributed;
    Shape *seen; /* [inputs] as op's functions see them; infer_shapes */
    Tensor *out;
    Attr attr[MAX_ATTRS];       /* parallel to op->attrs */
    Weight weight[MAX_WEIGHTS]; /* parallel to op->weights */
    const char *folded; /* names of the ops that have become part of it */
    bool broken; /* misread, and reported: later passes leave it alone */
    Scope scope; /* attributes and input dimensions by name */
    Node *next;  /* execution order */
};

/* What the interpreter hands to an op: float64, whole tensors, no dimension
 * ANY. in[i] [in_shape[i]], out [out_shape]. */
typedef struct Eval {
    Arena *arena; /* for scratch */
    const Node *node;
    double *const *in;
    double *out;
    const Shape *in_shape;
    Shape out_shape;
} Eval;

struct Op {
    const char *name; /* Keras' own: "SimpleRNN" */
    const char *doc;  /* one line for --list-layers and the README */
    AttrSpec attrs[MAX_ATTRS];
    WeightSpec weights[MAX_WEIGHTS];
    int min_inputs, max_inputs;
    const char *input; /* pattern of the (first) input's shape */
    /* Binds further names in n->scope, for the texts that follow, after
     * checking what they follow from. May be NULL. */
    bool (*bind)(const Source *src, Node *n);
    const char *output; /* shape of the result, or NULL: infer says */
    const char *macs;   /* multiply-adds per row of "...", or per timestep */
    StateSpec state[MAX_STATES];
    const char *scratch; /* elements of local arrays, an expression, or NULL */
    bool recurrent;      /* walks along the time axis; the output is state 0 */
    bool temporal;       /* walks along the time axis, output of its own */
    /* ...or makes one output of all timesteps, state 0: what those so far
     * amount to. May be NULL: never. */
    bool (*gathers)(const Node *n);
    bool alias;          /* the output is the input, seen in another shape */
    /* The template can work in tiles: `tile_units` columns (an expression) for
     * each of so many gates. NULL: it cannot, 0 columns: not here. Inputs that
     * it puts side by side before a product: elements, an expression. */
    const char *tile_units, *tile_window;
    const char *tile_groups; /* of columns, each with inputs of its own: an
                                expression. NULL: one */
    int gates;
    /* The template can be spelled with lanes for numbers, a sample in each.
     * What that takes in tiles: elements of local arrays, an expression; how
     * often sums for all columns of a tile. NULL: it cannot. */
    struct {
        const char *locals;
        int sums;
    } lanes;
    /* passes/fold_layers.c: the weight whose last axes (so many) are the
     * columns of "bias" and the output, of a layer with an "activation"; what
     * others may become: that, or by their derived weights "factor" and
     * "shift" a part of those, if on_columns(n). */
    struct {
        const char *weight;
        int axes;
    } takes_in;
    enum { BECOMES_NOTHING, BECOMES_ACTIVATION, BECOMES_FACTOR } becomes;
    bool (*on_columns)(const Node *n);
    const char *rows; /* the input chooses one of so many: an expression */
    bool takes_rows;  /* an input that does so elsewhere is fine here, too */
    /* A wrapper holds whole layers under these keys. They read its input and
     * become nodes of their own; lower() appends what joins them and returns
     * the tensor that the wrapper stands for, or NULL after a message. */
    const char *inner[MAX_INNER];
    Tensor *(*lower)(const Source *src, Graph *g, const Node *wrapper,
                     Node *const *inner);
    bool nests; /* the layer inside may be another wrapper of its kind */
    const char *template; /* file in templates/; NULL for an alias */
    MaskRule masks;
    bool attends; /* MASK_ATTENDED by the key's, too; has "drops_masks" */
    /* Returns the mask of the output where it is not that of an input, adding
     * what makes it; or NULL: it has none. May be NULL. */
    Tensor *(*make_mask)(Graph *g, Node *n);
    /* For what no string can say; each may be NULL. */
    bool (*infer)(const Source *src, Node *n); /* sets n->out->shape */
    void (*derive)(Arena *a, Node *n);         /* the derived weights */
    const char *(*no_stream)(const Node *n);   /* why not, or NULL */
    /* Instead, for layers with windows along the time axis. Those with states
     * keep the last rows in them, the others pass on rows as they are. Returns
     * why they do not stream, or NULL. */
    const char *(*window)(const Node *n, Window *w);
    void (*eval)(const Eval *e); /* reference semantics */
};

extern const Op *const op_table[]; /* ends with NULL */
const Op *op_find(const char *name);
const char *const *op_names(void);
/* Walks along the time axis, so that a function of it is per timestep or for a
 * whole sequence; a distributed one along an axis that is its own. */
bool op_walks(const Op *op);
bool node_walks(const Node *n);
/* That so many TimeDistributed are around it; ops/time_distributed.c. */
void node_distribute(Node *n, int depth);
/* Has windows along the time axis of the model. */
bool node_slides(const Node *n);
/* Makes one output of all timesteps, in its states. */
bool node_gathers(const Node *n);
const Attr *attr_of(const Node *n, const char *name); /* asserts on a typo */
int attr_int(const Node *n, const char *name);
/* Element i of a list, of which one alone stands for all. */
int attr_item(const Node *n, const char *name, int i);
bool attr_bool(const Node *n, const char *name);
/* The value of spec->fallback. */
void default_attr(const AttrSpec *spec, Attr *out);
/* A weight for op->derive to fill in, of float64 values. */
double *weight_derive(Arena *a, Node *n, const char *name);
/* For op->bind: sets a derived activation. */
void activation_set(Node *n, const char *name, double param);
/* Whether the file has to have it. */
bool weight_needed(const Node *n, const WeightSpec *spec);
/* What its condition is where the weight is absent: "false", or the first of a
 * few words. */
const char *condition_off(const Node *n, const WeightSpec *spec);
const Weight *weight_of(const Node *n, const char *name);
/* Reference arithmetic that several rows share. z [units] += x [features]
 * kernel [features, units]. */
void add_product(double *z, const double *x, const double *kernel,
                 int64_t features, int64_t units);
/* The layer of e, slice by slice where it is distributed. */
void node_eval(const Eval *e);
/* eval of an alias. */
void eval_copy(const Eval *e);
/* How the masks of several inputs make one: a timestep counts where it does in
 * any of them, and everywhere where one has no mask (Keras 3); or where it does
 * in all that have one (Keras 2). Or "refused", where Keras 3 computes another
 * output for masked inputs than for others, in some versions. */
extern const char *const mask_joins[];
#define MASKS_ATTR(join)                                                       \
    {                                                                          \
        "masks", ATTR_CHOICE, .choices = mask_joins,                           \
                              .fallback = "\"" join "\""                       \
    }

/* ---- graph.c: the network, independent of its file format ---------------- */

/* Golden vectors: one tensor per model input and output, float64. */
typedef struct Sample {
    double **input, **output; /* [inputs][size], [outputs][size] */
    Shape *input_shape, *output_shape;
    At *input_at, *output_at;
    int timesteps; /* what ANY stands for in this sample */
    double atol, rtol;
    At at;
    const Source *src;
    const char *note; /* NULL: none */
} Sample;

struct Graph {
    Arena *arena;
    const Source *src; /* for messages after reading */
    const char *name;  /* NULL when the file gives none */
    Node *first, *last;
    int nodes;
    Tensor *input[MAX_PORTS], *output[MAX_PORTS];
    At input_at[MAX_PORTS], output_at[MAX_PORTS];
    int inputs, outputs;
    Sample *sample;
    int samples;
    const char *format;         /* name of the dialect it was read from */
    const char *sha256;         /* of the model file */
    const char *no_stream;      /* why there is no step(), or NULL */
    const Node *no_stream_node; /* the layer it is about, or NULL */
    bool unfinished; /* misread: infer_shapes reports on the rest, and fails */
    bool any_timesteps;       /* a null first dimension */
    bool masks_leak; /* masks as TensorFlow.js has them: layers keep one that
                        does not lead to them, if they run later */
    const char **conventions; /* for --explain, NULL-terminated or NULL */
};

Graph *graph_new(Arena *a);
Tensor *graph_tensor(Graph *g, const char *name);
Node *graph_append(Graph *g, const Op *op);
/* Puts a node that is in no list at the end. */
void graph_put(Graph *g, Node *n);
/* One with a name, inputs and its row's defaults, for those who make layers up
 * that stand in no file. */
Node *graph_add(Graph *g, const char *op, const char *name, const At *at,
                Tensor *const *in, int inputs);
void graph_dump(const Graph *g, FILE *to); /* the text of -v */
void graph_dot(const Graph *g, Buf *out);  /* --emit=dot */
void graph_check(const Graph *g);   /* invariants between passes; aborts */
int64_t node_params(const Node *n); /* in the file */
/* "Conv1D + BatchNormalization, ReLU": its op, and what was folded into it. */
const char *node_kind(Arena *a, const Node *n);
int64_t node_macs(const Node *n, int64_t timesteps); /* whole sequence */

/* ---- read.c, formats/: one file for each dialect ------------------------- */

typedef struct Inputs { /* what a run reads besides its options */
    const char *model, *samples;
    size_t max_bytes;
    const char *format;   /* NULL: detect */
    const char **depends; /* files read, NULL-terminated, growing */
    int depend_count;
    bool unreadable; /* a file could not be read at all: exit status 3 */
    struct SideFile *side_files; /* formats/safetensors.c */
} Inputs;

typedef struct Format {
    const char *name, *doc;
    bool (*probe)(const At *root);
    bool (*read)(Source *src, const At *root, Graph *g, Inputs *inputs);
} Format;
extern const Format *const format_table[];
/* Reads the model and its samples; NULL after messages, or what could be read
 * of it, unfinished. */
Graph *graph_read(Arena *a, Inputs *inputs);
/* Loads and parses a file; NULL after a message. sha256 may be NULL. */
Source *source_load(Arena *a, Inputs *inputs, const char *path, At *root,
                    const char **sha256);
void explain(const Graph *g, FILE *to); /* --explain */
void depend_on(Arena *a, Inputs *inputs, const char *path);
/* formats/tensor.c: a nested array, a base64 object or a reference into a
 * safetensors file, with the shape it states. Nested numbers are rounded to
 * float32 if `narrow`. data is in the arena. */
typedef struct Values {
    Shape shape;
    double *data; /* [shape] */
    bool wide;    /* float64 was stated */
} Values;
bool read_tensor(Source *src, const At *at, Inputs *inputs, bool narrow,
                 Values *out);
/* A number alone, as frameworks write a tensor without dimensions: [1]. */
bool read_scalar(const Source *src, const At *at, bool narrow, Values *out);
/* Little-endian bytes of a dtype ("float32", "F32", ...) to values; false if
 * the dtype is unknown. */
int dtype_size(const char *dtype); /* bytes; 0: unknown */
void dtype_decode(const char *dtype, const unsigned char *bytes, int64_t count,
                  double *out);
/* formats/side.c: the bytes of a file below the model's folder, which the model
 * names at `at`. Returns its path, or NULL after a message. */
const char *side_read(Source *src, const At *at, Inputs *inputs,
                      const char *name, Buf *out);
/* formats/safetensors.c: a named tensor of a file below the model's folder. */
bool safetensors_read(Source *src, const At *at, Inputs *inputs,
                      const char *file, const char *tensor, Values *out);
/* formats/samples.c: an array of golden vectors. */
bool read_samples(Source *src, const At *at, Graph *g, Inputs *inputs);
bool read_ports(Source *src, const At *at, Graph *g, Inputs *inputs,
                Tensor *const *port, int ports, double **data, Shape *shape,
                At *where);
At *at_keep(Arena *a, const At *at); /* a copy, parents and all */
/* formats/rnnc_write.c: --emit=json, lossless. */
void graph_write_json(const Graph *g, Buf *out);

/* ---- passes/: Graph in, Graph out ---------------------------------------- */

bool infer_shapes(const Source *src, Graph *g);
bool infer_node(const Source *src, Node *n); /* one that a pass has added */
bool insert_masks(const Source *src, Graph *g);
bool drop_unused(const Source *src, Graph *g);
bool drop_states(const Source *src, Graph *g);
bool fold_constants(const Source *src, Graph *g);
bool find_rows(const Source *src, Graph *g);
bool find_time(const Source *src, Graph *g);
/* passes/find_clocks.c, of which find_time is the user: sets n->out->stream;
 * returns why there is none, or NULL. */
const char *find_clock(const Graph *g, Node *n);
/* How many rows a sequence of so many timesteps has brought. */
int64_t clock_rows(const Clock *c, int64_t timesteps);
bool clock_equal(const Clock *a, const Clock *b);
/* The shape of t in a sequence of so many timesteps: ANY becomes its rows. */
Shape tensor_at(const Tensor *t, int timesteps);
/* The shortest sequence that brings a row everywhere. */
int64_t least_timesteps(const Graph *g);
/* The clock delayed until the last row of t comes with the last timestep:
 * cropping may have made earlier ones of it. Returns why that cannot be, or
 * NULL. */
const char *clock_settle(const Graph *g, const Tensor *t, Clock *out);
bool derive_weights(const Source *src, Graph *g);
/* For generated code only, after all others. */
bool fold_layers(const Source *src, Graph *g);

/* ---- reference.c: the float64 interpreter -------------------------------- */

/* Evaluates the graph on whole sequences. input [g->inputs][size]; returns
 * output [g->outputs][size] in the arena. timesteps stands for ANY. */
double **reference_run(Arena *a, const Graph *g, double *const *input,
                       int timesteps);
/* The same with every layer's output rounded to float32, which tells how much
 * a float program may differ. */
double **reference_rounded(Arena *a, const Graph *g, double *const *input,
                           int timesteps);
/* Whether tensors of these shapes can be the ports. *timesteps: what ANY is,
 * -1 while unknown. Reports at at[i]. */
bool ports_fit(const Source *src, Tensor *const *port, int ports,
               const Shape *shape, const At *at, int *timesteps);
/* The inputs that choose rows of tables hold integers. Reports at at[i]. */
bool rows_fit(const Source *src, const Graph *g, double *const *data,
              const Shape *shape, const At *at);
/* They are enough for windows over them. Reports at `at`. */
bool timesteps_fit(const Source *src, const Graph *g, int timesteps,
                   const At *at);
/* Every sample has the model's shapes, and integers where it has to. */
bool samples_fit(Graph *g);
/* Compares every sample with the interpreter; reports each that differs. */
bool samples_check(Graph *g);
/* Output of the interpreter to 12 digits, so that the last bits of one libm
 * or another cannot change the generated file. */
double round_digits(double value);
/* Makes golden vectors where the model brings none (see the file). */
void samples_make(Graph *g, bool is_double);

/* ---- names.c: identifiers ------------------------------------------------ */

/* Every byte outside [A-Za-z0-9_] becomes _; a leading m_ where the result
 * would be no identifier, reserved or a keyword. */
char *make_prefix(Arena *a, const char *name);
char *make_word(Arena *a, const char *name); /* only the first part */
char *make_upper(Arena *a, const char *ident);

typedef struct Names Names; /* the identifiers taken so far */
Names *names_new(Arena *a);
bool names_claim(Names *names, const char *ident); /* false: taken */
/* Claims what every file has: public functions, macros, runtime functions. */
void names_fixed(Names *names, const char *prefix, const char *upper);
/* Sets n->ident to prefix_name, made distinct with all that its templates
 * append to it; the same for a parameter. */
void names_node(Names *names, const char *prefix, Node *n);
const char *names_port(Names *names, const char *prefix, const char *name);

/* ---- plan.c: every decision about the output ----------------------------- */

typedef enum { SHELL_NONE, SHELL_BASH, SHELL_ZSH, SHELL_FISH } Shell;
typedef enum { STORE_F32, STORE_BF16, STORE_F16, STORE_INT8 } Storage;

typedef struct Options {
    const char *output, *header, *name, *format, *samples, *template_dir,
        *dump_templates, *run, *dep_file, *report_file;
    const char *dep_target[MAX_LIST + 1]; /* NULL-terminated */
    bool want_header, is_double, check, explain, list_layers, list_formats,
        schema, quiet, verbose, dep, dep_phony;
    enum { MATH_DEFAULT, MATH_FAST, MATH_ACCURATE, MATH_EXACT, MATH_LIBM } math;
    Storage weights;
    enum {
        BITS_FREE,     /* those of the compiler, flags and processor */
        BITS_PORTABLE, /* the same everywhere: every operation is rounded */
        BITS_FUSED     /* the same everywhere, sums of products are fused */
    } reproducible;
    enum { UNROLL_AUTO, UNROLL_FULL, UNROLL_NONE } unroll;
    enum {
        EMIT_C,
        EMIT_PYTHON, /* the C, and a module beside it that calls it */
        EMIT_SQLITE, /* the C with an extension at its end */
        EMIT_DOT,
        EMIT_SVG,
        EMIT_JSON
    } emit;
    enum { REPORT_NONE, REPORT_TEXT, REPORT_JSON, REPORT_HTML } report;
    enum { TEXT_AUTO, TEXT_DECIMAL, TEXT_STRING } weight_text;
    Color color;
    Shell completions;
    int64_t budget_flash, budget_ram, budget_stack; /* bytes; -1: none */
#define BUDGET_UNSTATED (-2)
    size_t max_bytes;
    const char *model;
} Options;

typedef enum {
    PLACE_INPUT,
    PLACE_OUTPUT,
    PLACE_BUFFER,
    PLACE_STATE,
    PLACE_RING /* the oldest row of a ring */
} PlaceKind;
typedef struct Place { /* where a value lives while predict or step runs */
    PlaceKind kind;
    int index;
} Place;

typedef enum { PHASE_ONCE, PHASE_EACH, PHASE_LAST } Phase;

/* How the columns of a layer's kernels stand in the C: in tiles of so many
 * units, all gates of a tile side by side, so that one pass over a tile's rows
 * gives all that its activations need. A tiled weight [rows][gates * all units]
 * becomes [count][rows][width]; what is not a unit's is 0. */
typedef struct Tiles {
    int units; /* of each gate in a tile; 0: no tiles */
    int count;
    int groups;    /* of units, with count / groups tiles each */
    const char *few; /* all groups beside each other in one tile, `units` for
                        each: the lanes of that product, "lanes", "eight" or
                        "quad"; or NULL */
    const char *how; /* each group is multiplied, for the report; NULL: one */
    int width;     /* gates * units, rounded up to LANES_MOST */
    int timesteps; /* whose input is multiplied at once */
    int rows;      /* of Dense, the same */
    int pixels;    /* of a plane, the same; 0: it is none */
    bool dots;     /* too few units for a tile: the kernel is [units][rows] */
} Tiles;
enum { LANES_MOST = 16 }; /* no processor takes more numbers at once */

typedef struct Step { /* one call in predict and step */
    const Node *node; /* NULL: copy in[0] to out */
    Phase phase;
    Clock clock;      /* in PHASE_EACH: the timesteps that need it... */
    int timer;        /* ...by number in the Plan; -1: every one does */
    const char *push; /* only puts in[0] into a ring, states 0 and 1: the name
                         of the function; else NULL */
    const Tensor *pushes;
    int64_t slots; /* rows of that ring; one alone has no state 1 */
    bool pushed;   /* a push has come before, and there are no inputs */
    int *ring;     /* [inputs] that wait: number of the ring, or -1 */
    bool sequence; /* a recurrent node runs over all its timesteps at once */
    Place *in, out;
    int inputs;
    Place state[MAX_STATES];
    Shape *in_shape, out_shape; /* slices of one timestep in PHASE_EACH */
    int64_t rows;  /* what "..." of the op's input pattern amounts to */
    int64_t times; /* it is called for so many slices: distributed layers */
    Tiles tiles;
    bool few_taps;  /* of its window: unrolled in loops */
    int64_t locals; /* elements of scratch inside its function */
    bool some;      /* predict_batch hands it several samples */
    int64_t apart;  /* of h, that straight lines sum apart */
    bool called;    /* its straight lines, not copied to where they are */
    int64_t macs;   /* per call */
    int64_t lines;  /* of straight-line code, if unrolled */
} Step;

/* A pruned kernel without its blocks of zeros; blocks.c. */
typedef struct Blocks {
    int groups;      /* of a tile's columns: 1, or one for each gate */
    int64_t count;   /* of blocks that stand in the C */
    uint32_t *first; /* [tiles * groups + 1]: where those of a group start */
    uint16_t *block; /* [count]: of PRUNED_ROWS rows, ascending */
} Blocks;

typedef struct Array { /* a weight in the C */
    const Node *node;
    const Weight *weight;
    const WeightSpec *spec;
    Tiles tiles;
    int64_t size;        /* elements, or words */
    Storage storage;     /* to which its numbers are rounded... */
    bool narrow;         /* ...and as which they stand in the C: packed into
                            words of 32 bits where there are tiles or dots */
    const Weight *scale; /* [columns] of STORE_INT8, one for each output */
    double *code;        /* in its place: the integers that stand in the C */
    Blocks *blocks;      /* NULL: all rows stand there */
    struct {
        int64_t zeros, all; /* blocks of a kernel in tiles... */
        int rows, columns;  /* ...of so many; else rows, or numbers */
        bool left_out;
    } pruned;
    const struct Array *same; /* another with the same numbers, which stand in
                                 the C once; NULL: it has its own */
} Array;

typedef struct StateSlot { /* a member of <model>_state */
    const Node *node;
    const char *ident, *what;
    int64_t size, used;    /* used < size: filled up for tiles */
    bool aligned;          /* in predict, to lines of the cache */
    bool position;         /* size_t instead of the arithmetic type */
    const Weight *initial; /* NULL: zeros */
    bool held;             /* an output's last row: only step needs it */
} StateSlot;

typedef struct Ring { /* the last rows of a tensor, in states */
    int past, at;     /* indices of states; at: -1 with one row only */
    int64_t slice;
} Ring;

typedef struct BufferSlot {  /* a local array of predict and step */
    int64_t size, step_size; /* in step, which takes one timestep */
    int64_t slice;           /* of the value that it held last */
    int free_at;             /* step after which it may be reused */
    const char *holds;
} BufferSlot;

typedef struct Port { /* a parameter of predict */
    const Tensor *tensor;
    const char *ident;
    bool each;     /* one slice per timestep in step and process */
    Clock clock;   /* of an output with slices: when they come */
    int held;      /* state that keeps the last one; -1: not needed */
    int64_t slice; /* elements of a slice (of all of it, when not each) */
} Port;

typedef struct Plan {
    const Graph *graph;
    const Options *options;
    const char *prefix, *upper;
    bool streams, unroll, tiled, any_timesteps;
    const char *why_unroll; /* the reason, for the report */
    bool lines_alike;       /* straight lines of units differ in numbers only */
    int timesteps;          /* 1 when there is no time axis */
    bool samples_in_lanes;  /* of predict_batch; batch.c... */
    bool batch_fills_64;    /* ...but where units fill those of 64 bytes... */
    bool batch_fills_32;    /* ...or of 32... */
    int batch_some;         /* ...else so many at once; 0: one... */
    const char *batch_four; /* ...where it is worth it, in C... */
    int batch_multiple;     /* ...or fewer, a multiple of this... */
    bool batch_alike;       /* ...with sums that have the bits of predict's */
    bool one_set;           /* of them, for layers that know no more */
    bool batch_apart;       /* straight lines in lanes are called, not copied */
    bool batch_loops;       /* of straight lines, where there are no vectors */
    bool batch_spelled;     /* sums are spelled out for lanes and loops... */
    bool batch_whole;       /* ...that have whole sequences in arrays */
    int batch_rows;         /* ...in loops over so many rows; 0: in none */
    bool batch_turns;       /* the loop over timesteps may vanish */
    int64_t batch_values;   /* lanes that takes on the stack */
    int64_t batch_bytes;    /* of stack, in the widest lanes that fit */
    int64_t batch_most;     /* bytes of stack that it may take */
    int batch_least;        /* bytes of a register, for which it is worth it */
    const char *fewest_samples; /* for which it is worth it, in C */
    bool spare; /* a budget does not allow windows of convolutions in tiles */
    int chunk; /* timesteps that predict hands to each layer at once... */
    bool processes_at_once; /* ...and so does process: every layer walks */
    Step *step;
    int steps;
    StateSlot *state;
    int states;
    Ring *ring;
    int rings;
    Clock *clock; /* timers */
    int clocks;
    BufferSlot *buffer;
    int buffers;
    Array *array;
    int arrays;
    Port *input, *output;
    int64_t params, macs, macs_step; /* macs: of one predict */
    int64_t weight_bytes, state_bytes, scratch_bytes, activation_bytes;
    int64_t wide_bytes;      /* of weights, were all stored as f32 */
    double stored_error;     /* of the samples' outputs, by --weights; -1:
                                there are no samples */
    double stored_largest;   /* of those outputs */
    int64_t latency;         /* timestep that brings the first output... */
    int64_t receptive_field; /* ...and how many it depends on; 0: on all */
    bool string_weights;
} Plan;

/* NULL after a message: a budget exceeded, or full refused. */
Plan *plan_make(Arena *a, const Source *src, const Graph *g,
                const Options *options);
void plan_dump(const Plan *p, FILE *to);
/* tiles.c: how the layer of a step stands in tiles, if it does. */
Tiles tiles_choose(const Plan *p, const Step *s);
/* Units of its tiles that are zeros; negative without tiles. */
int64_t tiles_zeros(const Step *s);
/* Whether its products fill the output: no columns behind the units. */
bool tiles_exact(const Step *s);
/* Whether lanes have to sum every fourth row apart, to have predict's bits. */
bool tiles_in_fours(const Plan *p, const Step *s);
/* Whether a small layer in tiles is straight lines where there are no vectors.
 */
bool tiles_alone(const Plan *p, const Step *s);
/* Whether loops over the numbers of a layer fill vectors. */
bool tiles_fill(const Plan *p, const Step *s);
/* Whether the taps of its window, if it has one, are unrolled in loops. */
bool few_taps(const Step *s);
/* Sets p->chunk, and how many timesteps the layers in tiles take at once. */
void tiles_timesteps(Plan *p);
/* steps.c: makes one output of what its states gather, timestep by timestep. */
bool step_gathers(const Step *s);
/* blocks.c: zeros that pruned layers leave out. Divides the units otherwise
 * where more of them are together then. */
void blocks_tiles(Arena *a, const Node *n, Tiles *t);
/* Sets blocks and pruned. */
void blocks_choose(Arena *a, const Plan *p, Array *array);
/* The group of row r of those that stand in the C, and its row of the weight,
 * or one beyond its last. */
int64_t blocks_row(const Blocks *b, int64_t r, int64_t *group);
/* Whether straight lines leave out number i. */
bool blocks_line(const Array *array, int64_t i);
/* What became of blocks of zeros; NULL where there are none. */
const char *blocks_text(Arena *a, const Array *array);
int64_t blocks_bytes(const Array *array);  /* of the lists */
int64_t blocks_locals(const Array *array); /* elements on the stack */
/* arrays.c: the arrays of the C, with their elements in order. */
void list_arrays(Arena *a, Plan *p);
/* Row r of an array: its numbers, which are its elements unless they are packed
 * into words (storage.c). */
int64_t array_row_numbers(const Array *array);
int64_t array_rows(const Array *array); /* of numbers: in a tile, or in all */
int64_t array_row_size(const Array *array); /* elements of a row in the C */
void array_row(const Array *array, int64_t r, double *out);
/* Bytes in the C of the weights of a node. */
int64_t plan_stored(const Plan *p, const Node *n);
const Array *array_of(const Plan *p, const Node *n, const char *name);
int64_t array_bytes(const Plan *p, const Array *array); /* of an element */
int64_t tile_rows(const Array *array); /* of elements in a tile */
/* storage.c: --weights. Chooses the array's storage, and makes the array of its
 * scales, if it has any; returns whether it does. */
bool storage_choose(Arena *a, const Plan *p, Array *array, Array *scale);
int storage_pack(const Array *array); /* numbers in an element */
/* The nearest number that can be stored, and its bits. */
double storage_round(Storage s, double scale, double value);
uint32_t storage_bits(Storage s, double stored); /* int8: as an integer */
/* Row r of a narrow array, out [array_row_size], of which number k is in the
 * bits from 32 / pack k on; scratch [array_row_numbers]. */
void array_bits(const Array *array, int64_t r, double *scratch, uint32_t *out);
/* Rounds the model's weights to what the C stores. */
void weights_round(const Plan *p);
const char *storage_name(Storage s);
/* By how much that changes the samples' outputs, as text. */
const char *storage_error(Arena *a, const Plan *p);
/* tolerance.c: the samples' outputs become what the interpreter computes of
 * rounded weights; p keeps by how much that changes them. */
void samples_store(Graph *g, Plan *p);
/* Widens the samples' tolerances by what the options change. */
void samples_allow(Graph *g, const Options *o);
/* batch.c, batch_some.c: how predict_batch takes its samples. */
void plan_batch(Plan *p);
void plan_batch_some(Plan *p);
/* batch.c: whether what follows the sums of a layer whose sums are spelled out
 * is straight lines, too: it takes little text. */
bool batch_is_line(const Plan *p, const Step *s);
/* A gate of a recurrence waits for another of all units: r of a GRU whose
 * product has r h. */
bool batch_waits(const Step *s);
/* Whether some units of a recurrence in lanes go through a timestep before
 * others begin. */
bool batch_is_near(const Plan *p, const Step *s);
/* batch_some.c: whether sums of samples that share the weights go through the
 * activation before they leave their registers. */
bool batch_is_last(const Plan *p, const Step *s);
/* batch.c: whether an activation has lanes in the tier that is asked for. */
bool activation_in_lanes(const Plan *p, const ActivationRow *row);
/* cost.c: sums up; decides on straight-line code; holds against budgets. The
 * two in the middle return false after a message, the last one without. */
void plan_count(Plan *p);
/* Bytes of text that gcc makes of a step's straight lines, an estimate. */
int64_t lines_text(const Step *s);
void plan_lines(Plan *p); /* how straight lines sum, and are compiled */
bool plan_unroll(Arena *a, Plan *p, const Source *src);
bool plan_budgets(const Plan *p, const Source *src);
bool plan_affords(const Plan *p);

/* ---- run.c, json_write.c ------------------------------------------------- */

/* --run: appends the outputs for the inputs in a file. False after a message.
 */
bool run_model(Graph *g, Inputs *inputs, const char *path, Buf *out);
void json_string(Buf *out, const char *text);
/* Nested arrays; narrow: the values are float32. */
void json_tensor(Buf *out, const Shape *shape, const double *values,
                 bool narrow);

/* ---- layout.c: where the boxes of the graph stand in a picture ----------- */

typedef enum { BOX_INPUT, BOX_LAYER, BOX_OUTPUT, BOX_BEND } BoxKind;
typedef struct Box { /* in pixels */
    BoxKind kind;    /* BEND: where an edge passes a row of boxes */
    const Tensor *tensor;
    int row, place;          /* place: in its row, from the left */
    int x, y, width, height; /* x: of the middle; y: of the top */
    int wish;                /* for layout.c: where it would like to be */
} Box;
typedef struct Link {
    int from, to; /* boxes, of neighbouring rows */
} Link;
typedef struct Layout {
    Box *box;
    int boxes, bends;
    Link *link;
    int links, width, height;
} Layout;
Layout *layout_make(Arena *a, const Graph *g);
int text_columns(const char *text); /* as wide as a monospaced font makes it */

/* ---- study.c: what the report's pictures show ---------------------------- */

typedef enum { LIFE_STATE, LIFE_BUFFER, LIFE_LOCAL } LifeKind;
typedef struct Life { /* of a value in memory while predict runs */
    LifeKind kind;
    const char *name;     /* of the layer whose value it is */
    int from, to;         /* steps, both included */
    int64_t offset, size; /* bytes */
} Life;
typedef struct Histogram {
    enum { BINS = 40 } bins;
    int64_t count[BINS], values, zeros;
    double min, max, mean, deviation;
} Histogram;
typedef struct Miss { /* of the golden vectors, the worst of a few elements */
    int sample;
    double exact;   /* float64 interpreter against the sample */
    double rounded; /* the same, rounded to float32 after every layer */
    double tolerance;
} Miss;
enum { MISSES = 240 }; /* at most, that many columns of the picture */

/* In the order of states, buffers, locals of functions. */
Life *plan_lives(Arena *a, const Plan *p, int *count);
/* Of all weights of a layer in the file; false if it has none. */
bool weight_histogram(const Node *n, Histogram *h);
/* missed[MISSES] in the order of samples, outputs and elements; their number.
 */
int sample_misses(const Graph *g, Miss *missed);

/* ---- report.c ------------------------------------------------------------ */

void report_text(const Plan *p, Buf *out);
void report_json(const Plan *p, Buf *out);

/* ---- schema.c ------------------------------------------------------------ */

/* The JSON Schema of the format rnnc v1, from the tables. */
bool schema_write(Arena *a, Buf *out);

/* ---- asset.c, lua.c, emit.c: Plan and templates to text ------------------ */

typedef struct Asset { /* a template or runtime file inside the binary */
    const char *path;  /* "templates/dense.c.lt" */
    const unsigned char *data;
    size_t size;
} Asset;
extern const Asset assets[]; /* sorted by path; ends with path NULL */

/* Text of templates/... or runtime/...: from dir (which mirrors the
 * repository) if it has the file, else from the binary; NULL if neither. */
const char *asset_read(Arena *a, const char *dir, const char *path,
                       Inputs *inputs);
bool assets_dump(const char *dir);
/* splice.c: the runtime functions that templates use, with what they need. */
typedef struct Splice Splice;
Splice *splice_new(Arena *a, const Plan *p, Inputs *inputs);
void splice_use(Splice *s, const char *name); /* "tanh": runtime/.../tanh.h */
bool splice_uses(const Splice *s, const char *name);
const char *splice_text(const Splice *s);
const char *splice_figures(const Splice *s);  /* lines of "name: error" */
const char *splice_includes(const Splice *s); /* lines of #include <...> */
const char *splice_missing(const Splice *s);  /* a file not found, or NULL */
/* twin.c: the kinds of twins, and that which a name ends with, or NULL. */
extern const char *const twin_kinds[]; /* "lanes", ... NULL */
const char *twin_kind(const char *name);
/* The text of "tanh_lanes" or "limit_eight", made of what source(from, "tanh")
 * or source(from, "limit_lanes") returns, with its comments or without; NULL
 * where there is none. */
typedef const char *TwinSource(const void *from, const char *name);
const char *twin_text(Arena *a, const char *name, TwinSource source,
                      const void *from, bool comments);
/* fuse.c: `text` with statements `z += x * y;` as calls of <upper>_FUSED. */
void fuse_products(Arena *a, const char *upper, const char *text, Buf *out);
/* weights.c: the definition of one weight array, `before` elements after the
 * first of all. */
void weight_text(Arena *a, const Plan *p, const Array *array, int64_t before,
                 Buf *out);
/* The C file, the header and the Python module; the latter two may be NULL.
 * False after a message (a broken template). */
bool emit_model(Arena *a, const Plan *p, Inputs *inputs, Buf *c, Buf *header,
                Buf *python);
bool emit_svg(Arena *a, const Plan *p, Inputs *inputs, Buf *out);
bool emit_report(Arena *a, const Plan *p, Inputs *inputs, Buf *html);

/* ---- output.c ------------------------------------------------------------ */

/* Exit statuses, after messages. Writes what the options ask for. */
int output_write(Arena *a, Graph *g, Plan *p, Options *o, Inputs *inputs);
/* --run */
int output_run(Graph *g, const Options *o, Inputs *inputs);
/* The name of the model: as asked, its own, or the file's. */
const char *output_name(Arena *a, const Graph *g, const Options *o);
bool output_file(const char *path, const Buf *text);

/* ---- depend.c: dependency file for make --- */

/* Writes the rule that make and ninja read: o->output (which must be set, and
 * o->header when a header is written) depends on the files. False after a
 * message. */
bool depend_write(const Options *o, const char *const *files, int count);

/* ---- options.c ----------------------------------------------------------- */

bool emits_c(const Options *o); /* there is a C file, perhaps with more */
/* Whether two paths name one file, there or not. */
bool same_file(const char *a, const char *b);
/* The path with another ending. */
const char *with_ending(Arena *a, const char *path, const char *ending);
/* Parses the command line; returns -1 to go on, or an exit status. */
int finish_output(void); /* EXIT_IO after a message if stdout failed */
int options_parse(int argc, char **argv, Options *o);
/* completion.c: --completions, a script for the shell; an exit status. */
int print_completions(Shell shell);

#endif
