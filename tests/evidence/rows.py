"""The promises, and what proves each. The numbers are those of the design."""


class Row:
    """suites with match: their tests of that name; or script: in this folder;
    neither: nothing does, and `how` says where to look. quick: for --quick."""

    def __init__(self, number, promise, how, suites=(), match=".", script=None,
                 quick=False):
        self.number, self.promise, self.how = number, promise, how
        self.suites, self.match, self.script = suites, match, script
        self.quick = quick


ROWS = [
    Row(1, "the same bytes of C always",
        "locales, time zones, umasks, folders", script="same_bytes.py",
        quick=True),
    Row(2, "the same bits from every compiler",
        "only --reproducible promises it: tests of that option"),
    Row(3, "activations as exact as stated",
        "a sample of all floats, log-uniform doubles; gcc and clang, FMA",
        suites=["runtime"]),
    Row(4, "random valid models match",
        "random graphs, float and double, unrolled and not, and batches",
        script="random_models.py"),
    Row(5, "no input file crashes rnnc", "make fuzz"),
    Row(6, "no text of a model reaches the C",
        "60 names of attack, then every string of models of all formats",
        script="attacks.py", quick=True),
    Row(7, "names never collide", "keywords, library, attacks, gcc and g++",
        suites=["names"]),
    Row(8, "no symbol from outside", "nm -u of the layers' models",
        script="symbols.py", quick=True),
    Row(9, "the stack is what the file says", "gcc's own call graph, -O2, -Os",
        script="stack.py", quick=True),
    Row(10, "defined for any input bits, nothing behind y",
        "ASan, UBSan; NaNs, random bits, least alignment; gcc, clang",
        script="any_bits.py"),
    Row(11, "no loop or branch on data in --unroll=full",
        "source, and what gcc and clang make of it at five levels",
        suites=["generated"], match="no loop and no branch|conditional jump"),
    Row(12, "no mandatory or required MISRA rule broken",
        "no free checker is part of make deps"),
    Row(13, "no warning", "gcc, clang, g++, clang++, tcc; C99 to C++17",
        suites=["generated"], match="no warning|header"),
    Row(14, "output is complete or absent",
        "kill -9 at random times; full disk, folders that refuse",
        script="killed.py", quick=True),
    Row(15, "out of memory is a message", "failing the n-th allocation",
        script="memory.py", quick=True),
    Row(16, "so is an error of input or output", "failing the k-th call",
        script="io_errors.py", quick=True),
    Row(17, "the tests run rnnc's own code", "gcov under five quick suites",
        script="coverage.py"),
    Row(18, "the tests notice changes", "no mutants are made"),
    Row(19, "every number survives", "halves, floats, halfway cases, base64",
        suites=["tensors"]),
    Row(20, "diagnosed, not guessed", "a bad file for each message",
        suites=["errors"]),
    Row(21, "streams and threads agree bit for bit",
        "threads under TSan against one after the other", script="threads.py"),
    Row(22, "rnnc is clean under sanitizers", "make asan"),
    Row(23, "big models have a stated cost", "a million weights, both ways",
        script="cost.py"),
    Row(24, "a file says where it comes from",
        "digest, and the options make the same bytes again",
        script="provenance.py", quick=True),
]
