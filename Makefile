# make            the compiler, build/rnnc
# make demo       compile the notebook's model, run it, compare
# make check      every test; make check T=json runs those that match
# make check-full the suites in tests/full, whose tools are heavier; T as above
# make bench      speed, against naive C and others; QUICK=1: a minute, naive
#                 only; W='W1 W4': these; README=1 writes README's table
# make evidence   what rnnc promises, checked: a table, in ten minutes or more;
#                 QUICK=1: a part, P='P1 P8': these
# make docs       write schema and layer table again, from the op rows
# make golden     accept the current output as the expected one
# make asan       the same build and tests under ASan and UBSan
# make fuzz       fuzz for FUZZ_SECONDS (60) each
# make deps       install what is missing; demo and check do so, too
# make deps-full  what check-full needs; it does so, too
# make install    to $(DESTDIR)$(PREFIX); make uninstall
# make deb        a Debian package in build/deb
# make format     clang-format everything; make lint only checks
# make clean
#
# CC, CFLAGS, CPPFLAGS, LDFLAGS, LDLIBS, PREFIX, DESTDIR, BUILD and PYTHON are
# yours to set; WERROR=1 makes warnings errors, V=1 shows whole commands.

BUILD   ?= build
PREFIX  ?= /usr/local
CFLAGS  ?= -O2 -g
WARN    := -std=c11 -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion \
           -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -pedantic \
           $(if $(filter 1,$(WERROR)),-Werror)
DEFINES := -D_POSIX_C_SOURCE=200809L -Icompiler
FUZZ_SECONDS ?= 60

# Asked once, and only when a recipe needs it: deps may have to come first.
once        = $(eval $(1) := $$(shell $(2)))$($(1))
LUA         = $(call once,LUA,compiler/deps.sh lua)
PKG_CFLAGS  = $(call once,PKG_CFLAGS,pkg-config --cflags libcjson $(LUA))
PKG_LIBS    = $(call once,PKG_LIBS,pkg-config --libs libcjson $(LUA))
CMOCKA      = $(call once,CMOCKA,pkg-config --cflags --libs cmocka)
ifeq ($(origin PYTHON),undefined)
PYTHON      = $(call once,PYTHON,compiler/deps.sh python)
endif
say         = $(if $(V),,@echo '  $(1)';)
COMPILE     = $(CC) $(CFLAGS) $(WARN) $(DEFINES) $(CPPFLAGS) $(PKG_CFLAGS)
LIBS        = $(PKG_LIBS) -lm $(LDLIBS)

SRC    := $(sort $(filter-out compiler/embed.c,$(wildcard compiler/*.c compiler/*/*.c)))
OBJ    := $(SRC:%.c=$(BUILD)/%.o) $(BUILD)/assets.o
LIB    := $(filter-out $(BUILD)/compiler/main.o,$(OBJ))
ASSETS := $(sort $(shell find -H templates runtime -name '*.lt' -o -name '*.lua' -o -name '*.h' -o -name '*.json'))
UNIT   := $(patsubst tests/%.c,$(BUILD)/%,$(wildcard tests/unit/*.c))
FUZZ   := $(patsubst tests/%.c,$(BUILD)/%,$(wildcard tests/fuzz/*.c))
C_CODE  = $(shell find compiler runtime tests examples -name '*.[ch]' -not -path 'tests/golden/*')
SCRIPTS = $(shell find .ci compiler examples tests -name '*.sh' -o -path .ci/run)

all: $(BUILD)/rnnc

$(BUILD)/rnnc: $(OBJ)
	$(call say,LD $@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(OBJ) $(LIBS)

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC $<)$(COMPILE) -MMD -MP -c -o $@ $<

# ---- Templates and runtime, inside the binary --------------------------------

$(BUILD)/assets.o: $(BUILD)/assets.c $(BUILD)/flags
	$(call say,CC $<)$(COMPILE) -MMD -MP -c -o $@ $<

# The folders stand for files that have come or gone.
$(BUILD)/assets.c: $(BUILD)/embed $(ASSETS) $(sort $(dir $(ASSETS)))
	$(call say,EMBED $@)$(BUILD)/embed $(ASSETS) > $@

$(BUILD)/embed: compiler/embed.c $(BUILD)/flags
	$(call say,CC $<)$(COMPILE) $(LDFLAGS) -o $@ $<

# Everything is built again when the compiler or its options change.
$(BUILD)/flags: FORCE | deps
	@mkdir -p $(@D)
	@echo '$(subst ','\'',$(COMPILE) $(LDFLAGS) $(LIBS))' > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# ---- Dependencies ------------------------------------------------------------

# A plain make installs nothing, it only says what to install.
DEPS := build name
ifneq ($(filter demo,$(MAKECMDGOALS)),)
DEPS := build
endif
ifneq ($(filter deps check bench evidence asan fuzz golden docs,$(MAKECMDGOALS)),)
DEPS := check
endif
ifneq ($(filter deps-full check-full,$(MAKECMDGOALS)),)
DEPS := full $(T)
endif

deps deps-full:
	@compiler/deps.sh $(DEPS)

# ---- Tests -------------------------------------------------------------------

$(BUILD)/unit/%: tests/unit/%.c $(LIB)
	@mkdir -p $(@D)
	$(call say,CC $<)$(COMPILE) -I. -MMD -MP -MF $@.d -MT $@ $(LDFLAGS) -o $@ $< $(LIB) $(LIBS) \
	    $(CMOCKA)

TESTS = BUILD='$(BUILD)' CC='$(CC)' PYTHON='$(PYTHON)' \
        GENERATED_CFLAGS='$(GENERATED_CFLAGS)' tests/run.sh

demo: $(BUILD)/rnnc
	@CC='$(CC)' examples/notebook/run.sh $(BUILD)/rnnc $(BUILD)/demo

check: $(BUILD)/rnnc $(UNIT)
	@$(TESTS) $(T)

check-full: $(BUILD)/rnnc
	@TESTS=tests/full $(TESTS) $(T)

# COUNT random models of live frameworks, which it installs in build/oracle.
check-oracle: $(BUILD)/rnnc
	@BUILD='$(BUILD)' CC='$(CC)' tests/oracle/run_all.sh $(COUNT)

bench: $(BUILD)/rnnc
	@$(if $(QUICK),$(PYTHON),$$(PYTHON='$(PYTHON)' tests/bench/install.sh $(BUILD)/bench)) \
	    tests/bench/bench.py --rnnc $(BUILD)/rnnc --folder $(BUILD)/bench \
	    $(if $(QUICK),--quick) $(if $(README),--readme) $(W)

# Promises and what proves them: tests/evidence/rows.py.
evidence: $(BUILD)/rnnc
	@BUILD='$(BUILD)' CC='$(CC)' $(PYTHON) tests/evidence/evidence.py \
	    $(if $(QUICK),--quick) $(P)

docs: $(BUILD)/rnnc
	compiler/docs.sh $(BUILD)/rnnc

golden: $(BUILD)/rnnc
	@UPDATE=1 $(TESTS) golden

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all
asan:
	$(MAKE) BUILD=$(BUILD)/asan LDFLAGS='$(SANITIZE)' \
	    CFLAGS='-O1 -g -fno-omit-frame-pointer $(SANITIZE)' \
	    GENERATED_CFLAGS='$(SANITIZE) -fsanitize=float-cast-overflow' \
	    SUITE_SECONDS=7200 check

$(BUILD)/fuzz/%: tests/fuzz/%.c $(SRC) $(BUILD)/assets.c compiler/rnnc.h
	@mkdir -p $(@D)
	$(call say,CC $<)clang -O1 -g -fsanitize=fuzzer,address,undefined $(DEFINES) $(PKG_CFLAGS) \
	    -o $@ $< $(filter-out compiler/main.c,$(SRC)) $(BUILD)/assets.c $(LIBS)

# New findings go to the first folder, the models of other tests are seeds.
fuzz: $(FUZZ)
	@for program in $(FUZZ); do \
	    mkdir -p $$program.corpus && \
	    $$program -max_total_time=$(FUZZ_SECONDS) -close_fd_mask=3 \
	        -artifact_prefix=$$program. $$program.corpus \
	        $(wildcard tests/errors tests/layers examples/notebook) || exit 1; \
	done

# ---- Files -------------------------------------------------------------------

install uninstall: $(BUILD)/rnnc
	@DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' \
	    compiler/packaging/install.sh $@ $(BUILD)/rnnc

deb:
	compiler/packaging/deb.sh $(BUILD)/deb

format:
	clang-format -i $(C_CODE)

lint:
	clang-format --dry-run -Werror $(C_CODE)
	shellcheck $(SCRIPTS)

clean:
	rm -rf $(BUILD)

-include $(OBJ:.o=.d) $(UNIT:=.d)
.DELETE_ON_ERROR:
.PHONY: all deps deps-full demo check evidence bench check-full docs golden \
        asan fuzz install uninstall deb format lint clean FORCE
