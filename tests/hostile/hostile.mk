# The hostile suites; included by tests/tests.mk.
#
# `make test-hostile` runs the short, seeded form of every tests/hostile/rNN_name.{py,sh}.  `make test-long`
# runs the long form, too.  `make reliability` runs the long form and writes docs/reliability.md from what
# the suites recorded; FORM=short runs the short one.  A suite with a line "# alone: why" runs by itself.
# What they preload into the server is tests/hostile/NAME.c, built as $(B)/tests/hostile/NAME.so; what runs
# api/ without a server is tests/hostile/programs/NAME.c and tests/cost/cost.c, built plainly and with sanitizers.

# Faults are put into the source in the long form only: it takes half an hour.
HOSTILE := $(filter-out $(if $(LOGITD_TEST_LONG),,%/r25_mutants.py),\
             $(sort $(wildcard tests/hostile/r[0-9]*.py tests/hostile/r[0-9]*.sh)))
HOSTILE_ALONE := $(if $(HOSTILE),$(sort $(shell grep -lE '^\# alone' $(HOSTILE))))
PRELOADS := $(patsubst %.c,$(B)/%.so,$(wildcard tests/hostile/*.c))

$(B)/tests/hostile/%.so: tests/hostile/%.c Makefile
	mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -std=c11 -O2 -g $(WARNINGS) -fPIC -shared -o $@ $< -ldl

DRIVERS := $(patsubst %.c,$(B)/%,$(wildcard tests/hostile/programs/*.c tests/cost/cost.c))
$(DRIVERS): %: %.o $(B)/libplain.a $(B)/libapi.a $(B)/libcore.a
	echo "  LD   $@"
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

hostile_command = $(if $(filter %.py,$(1)),python3 )$(1) build/logitd
hostile_named = $(foreach s,$(1),hostile:$(basename $(notdir $(s)))="$(call hostile_command,$(s))")

.PHONY: drivers hostile-programs test-hostile reliability
drivers: $(DRIVERS)
hostile-programs: drivers $(B)/logitd $(B)/tests/unit/test_denied $(STARVE) $(PRELOADS)

test-hostile: setup-test setup-sanitize setup-hostile setup-cover
	$(MAKE) hostile-programs
	$(MAKE) SANITIZE=address,undefined all drivers $(ADDRESS)/tests/unit/test_denied
	tests/run.sh $(call hostile_named,$(filter-out $(HOSTILE_ALONE),$(HOSTILE))) \
	  --alone $(call hostile_named,$(HOSTILE_ALONE))

FORM ?= long
reliability:
	-$(if $(filter long,$(FORM)),LOGITD_TEST_LONG=1) $(MAKE) test-hostile
	python3 tests/hostile/report.py
