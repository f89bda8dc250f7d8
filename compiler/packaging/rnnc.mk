# rnnc.mk -- rules for GNU make: %.json is compiled to %.c and %.h.
#
#   include /usr/local/share/rnnc/rnnc.mk
#   app: main.o model.o
#   main.o: model.h
#
# RNNC is the program, RNNCFLAGS its options, RNNC_DIR the folder for what it
# writes (with a / at the end; the current one if empty). A model and the files
# it names are prerequisites.

RNNC     ?= rnnc
RNNC_DIR ?=

# One run makes all the targets of a pattern rule.
$(RNNC_DIR)%.c $(RNNC_DIR)%.h: %.json
	$(RNNC) $< -o $(RNNC_DIR)$*.c --header=$(RNNC_DIR)$*.h \
	    -MP -MF $(RNNC_DIR)$*.rnnc.d $(RNNCFLAGS)

# make would delete a C file that only stands between a model and an object.
.PRECIOUS: $(RNNC_DIR)%.c $(RNNC_DIR)%.h

-include $(wildcard $(RNNC_DIR)*.rnnc.d)
