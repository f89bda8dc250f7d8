/* layout.c -- where the boxes of the graph stand in a picture.
 *
 * The steps of a layered drawing (Sugiyama, Tagawa, Toda, 1981): a row for
 * each box by the longest path from the inputs; bends where an edge passes a
 * row; the order in a row by the mean place of the neighbours; then places.
 * All of it in integers, so that the picture is the same on every machine. */

#include "rnnc.h"

enum {
    MARGIN = 12,
    BOX_HEIGHT = 52,
    ROW_GAP = 34,
    BOX_GAP = 22,
    LEAST_WIDTH = 116,
    MOST_COLUMNS = 30, /* of a name; longer ones are cut */
    MOST_BENDS = 4000,
    SWEEPS = 8
};

typedef struct Drawing {
    Arena *a;
    const Graph *g;
    Layout *l;
    int *maker; /* box of node i, in the order of the graph */
    int **row;  /* [rows][count] boxes from left to right */
    int *count, rows;
} Drawing;

/* ---- Boxes and links ----------------------------------------------------- */

int text_columns(const char *text)
{
    int columns = 0;
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c & 0xC0) != 0x80) /* 3 bytes and more: ideographs are wide */
            columns += c >= 0xE3 ? 2 : 1;
    }
    return columns;
}

/* The middle of a box is x: widths are even. */
static int box_width(Arena *a, const char *name, const char *type,
                     const Shape *shape)
{
    int first = text_columns(name);
    int second = text_columns(type) + text_columns(shape_text(a, shape)) + 2;
    first = first > MOST_COLUMNS ? MOST_COLUMNS : first;
    int width = first * 8 > second * 7 ? first * 8 : second * 7;
    width = (width + 26) / 2 * 2;
    return width > LEAST_WIDTH ? width : LEAST_WIDTH;
}

static int add_box(Drawing *d, BoxKind kind, const Tensor *t, int row)
{
    Layout *l = d->l;
    const char *type = kind == BOX_LAYER    ? t->from->op->name
                       : kind == BOX_OUTPUT ? "output"
                                            : "input";
    Box *b = &l->box[l->boxes];
    *b = (Box){.kind = kind, .tensor = t, .row = row, .height = BOX_HEIGHT};
    if (kind != BOX_BEND)
        b->width = box_width(d->a, t->name, type, &t->shape);
    d->rows = row >= d->rows ? row + 1 : d->rows;
    return l->boxes++;
}

static int node_at(const Graph *g, const Node *n)
{
    int i = 0;
    for (const Node *m = g->first; m != n; m = m->next)
        i++;
    return i;
}

/* Inputs are the first boxes. */
static int box_of(const Drawing *d, const Tensor *t)
{
    if (t->from)
        return d->maker[node_at(d->g, t->from)];
    int i = 0;
    while (d->g->input[i] != t)
        i++;
    return i;
}

static void add_link(Drawing *d, int from, int to)
{
    d->l->link[d->l->links++] = (Link){from, to};
}

/* A link between rows that are no neighbours bends in each one between. */
static void connect(Drawing *d, const Tensor *t, int to)
{
    int from = box_of(d, t), last = d->l->box[to].row;
    for (int row = d->l->box[from].row + 1; row < last; row++) {
        if (d->l->bends == MOST_BENDS)
            break;
        d->l->bends++;
        int bend = add_box(d, BOX_BEND, t, row);
        add_link(d, from, bend);
        from = bend;
    }
    add_link(d, from, to);
}

static int row_below(const Drawing *d, Tensor *const *in, int inputs)
{
    int row = 0;
    for (int i = 0; i < inputs; i++) {
        int above = d->l->box[box_of(d, in[i])].row;
        row = above >= row ? above + 1 : row;
    }
    return row;
}

static void make_boxes(Drawing *d)
{
    const Graph *g = d->g;
    int i = 0;
    for (int k = 0; k < g->inputs; k++)
        add_box(d, BOX_INPUT, g->input[k], 0);
    for (const Node *n = g->first; n; n = n->next, i++)
        d->maker[i] =
            add_box(d, BOX_LAYER, n->out, row_below(d, n->in, n->inputs));
    int outputs = d->l->boxes;
    for (int k = 0; k < g->outputs; k++)
        add_box(d, BOX_OUTPUT, g->output[k], row_below(d, &g->output[k], 1));
    i = 0;
    for (const Node *n = g->first; n; n = n->next, i++)
        for (int k = 0; k < n->inputs; k++)
            connect(d, n->in[k], d->maker[i]);
    for (int k = 0; k < g->outputs; k++)
        connect(d, g->output[k], outputs + k);
}

/* ---- Order --------------------------------------------------------------- */

static void make_rows(Drawing *d)
{
    Layout *l = d->l;
    d->row = arena_alloc(d->a, (size_t)d->rows, sizeof *d->row);
    d->count = arena_alloc(d->a, (size_t)d->rows, sizeof *d->count);
    for (int i = 0; i < l->boxes; i++)
        d->count[l->box[i].row]++;
    for (int r = 0; r < d->rows; r++) {
        d->row[r] = arena_alloc(d->a, (size_t)d->count[r], sizeof **d->row);
        d->count[r] = 0;
    }
    for (int i = 0; i < l->boxes; i++) {
        Box *b = &l->box[i];
        b->place = d->count[b->row];
        d->row[b->row][d->count[b->row]++] = i;
    }
}

/* Sums up, for each box of a row, `value` of its neighbours above (or below).
 */
static void gather(const Drawing *d, int r, bool above, int64_t *sum,
                   int *number, int (*value)(const Box *b))
{
    const Layout *l = d->l;
    for (int i = 0; i < d->count[r]; i++)
        sum[d->row[r][i]] = number[d->row[r][i]] = 0;
    for (int i = 0; i < l->links; i++) {
        int at = above ? l->link[i].to : l->link[i].from;
        int other = above ? l->link[i].from : l->link[i].to;
        if (l->box[at].row != r)
            continue;
        sum[at] += value(&l->box[other]);
        number[at]++;
    }
}

static int place_value(const Box *b)
{
    return b->place * 1024;
}

static int x_value(const Box *b)
{
    return b->x;
}

/* A stable insertion sort by the mean place of the neighbours. */
static void sort_row(Drawing *d, int r, const int64_t *sum, const int *number)
{
    Box *box = d->l->box;
    int *row = d->row[r];
    for (int i = 0; i < d->count[r]; i++)
        box[row[i]].wish = number[row[i]] ? (int)(sum[row[i]] / number[row[i]])
                                          : place_value(&box[row[i]]);
    for (int i = 1; i < d->count[r]; i++) {
        int moved = row[i], k = i;
        for (; k > 0 && box[row[k - 1]].wish > box[moved].wish; k--)
            row[k] = row[k - 1];
        row[k] = moved;
    }
    for (int i = 0; i < d->count[r]; i++)
        box[row[i]].place = i;
}

/* ---- Places -------------------------------------------------------------- */

static int apart(const Box *left, const Box *right)
{
    return (left->width + right->width) / 2 + BOX_GAP;
}

/* Every box of a row where it wishes to be, pushed right where the left
 * neighbour is in the way; the same pushed left; and the mean of both, which
 * keeps them apart, too. */
static void place_row(Drawing *d, int r)
{
    Box *box = d->l->box;
    int *row = d->row[r], last = d->count[r] - 1;
    int *pushed = arena_alloc(d->a, (size_t)last + 1, sizeof *pushed);
    for (int i = 0; i <= last; i++) {
        pushed[i] = box[row[i]].wish;
        if (i > 0) {
            int least = pushed[i - 1] + apart(&box[row[i - 1]], &box[row[i]]);
            pushed[i] = pushed[i] > least ? pushed[i] : least;
        }
    }
    for (int i = last - 1; i >= 0; i--) {
        int most = box[row[i + 1]].wish - apart(&box[row[i]], &box[row[i + 1]]);
        box[row[i]].wish = box[row[i]].wish < most ? box[row[i]].wish : most;
    }
    for (int i = 0; i <= last; i++)
        box[row[i]].x = (pushed[i] + box[row[i]].wish) / 2;
}

static void wish(Drawing *d, int r, const int64_t *sum, const int *number)
{
    for (int i = 0; i < d->count[r]; i++) {
        int at = d->row[r][i];
        Box *b = &d->l->box[at];
        b->wish = number[at] ? (int)(sum[at] / number[at]) : b->x;
    }
}

static void sweep(Drawing *d, bool above, bool order)
{
    size_t boxes = (size_t)d->l->boxes;
    int64_t *sum = arena_alloc(d->a, boxes, sizeof *sum);
    int *number = arena_alloc(d->a, boxes, sizeof *number);
    for (int i = 1; i < d->rows; i++) {
        int r = above ? i : d->rows - 1 - i;
        gather(d, r, above, sum, number, order ? place_value : x_value);
        if (order) {
            sort_row(d, r, sum, number);
        } else {
            wish(d, r, sum, number);
            place_row(d, r);
        }
    }
}

/* Whether a box has room at x, between its neighbours in the row. */
static bool has_room(const Drawing *d, const Box *b, int x)
{
    const Box *box = d->l->box;
    const int *row = d->row[b->row];
    const Box *left = b->place > 0 ? &box[row[b->place - 1]] : NULL;
    const Box *right =
        b->place + 1 < d->count[b->row] ? &box[row[b->place + 1]] : NULL;
    return (!left || x - left->x >= apart(left, b)) &&
           (!right || right->x - x >= apart(b, right));
}

/* A long link goes straight down where it can: the links of a chain of bends
 * follow each other, so one pass takes a bend's place on to the next. */
static void straighten(Drawing *d)
{
    const Layout *l = d->l;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < l->links; i++) {
            const Link *k = &l->link[pass ? l->links - 1 - i : i];
            Box *from = &l->box[k->from], *to = &l->box[k->to];
            if (from->kind != BOX_BEND || to->kind != BOX_BEND)
                continue;
            if (!pass && has_room(d, to, from->x))
                to->x = from->x;
            if (pass && has_room(d, from, to->x))
                from->x = to->x;
        }
}

/* From the least x to the margin; rows to their heights. */
static void settle(Drawing *d)
{
    Layout *l = d->l;
    int left = INT32_MAX, right = INT32_MIN;
    for (int i = 0; i < l->boxes; i++) {
        const Box *b = &l->box[i];
        left = b->x - b->width / 2 < left ? b->x - b->width / 2 : left;
        right = b->x + b->width / 2 > right ? b->x + b->width / 2 : right;
    }
    for (int i = 0; i < l->boxes; i++) {
        Box *b = &l->box[i];
        b->x += MARGIN - left;
        b->y = MARGIN + b->row * (BOX_HEIGHT + ROW_GAP);
    }
    l->width = right - left + 2 * MARGIN;
    l->height = 2 * MARGIN + d->rows * (BOX_HEIGHT + ROW_GAP) - ROW_GAP;
}

Layout *layout_make(Arena *a, const Graph *g)
{
    size_t links = (size_t)g->outputs, boxes;
    for (const Node *n = g->first; n; n = n->next)
        links += (size_t)n->inputs;
    boxes = (size_t)(g->inputs + g->nodes + g->outputs);
    Layout *l = arena_alloc(a, 1, sizeof *l);
    Drawing d = {.a = a, .g = g, .l = l};
    l->box = arena_alloc(a, boxes + MOST_BENDS, sizeof *l->box);
    l->link = arena_alloc(a, links + MOST_BENDS, sizeof *l->link);
    d.maker = arena_alloc(a, (size_t)g->nodes + 1, sizeof *d.maker);
    make_boxes(&d);
    make_rows(&d);
    for (int i = 0; i < SWEEPS; i++)
        sweep(&d, i % 2 == 0, true);
    for (int r = 0; r < d.rows; r++)
        place_row(&d, r); /* side by side, from 0 */
    for (int i = 0; i < SWEEPS; i++)
        sweep(&d, i % 2 == 0, false);
    straighten(&d);
    settle(&d);
    return l;
}
