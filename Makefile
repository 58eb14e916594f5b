# logitd - scores language-model outputs over HTTP.
#
#   make demo       set up, build, serve, post the examples, show the answers
#   make test       set up, build, run the tests: a few minutes
#   make test-sanitized  the same with sanitizers, fuzzers, other compilers; make test-long: the long forms
#   make test-hostile  set up, build, attack it; make reliability: at length, to docs/reliability.md
#   make run        set up, build, serve on 127.0.0.1:8080 in the foreground
#   make            build/logitd only; nothing is installed
#   make layers     prove the order of the rooms: server -> api/... -> core -> libc, libm
#   make docs       docs/reference.md and the heads of docs/engines/, from the tables in the source
#   make format     clang-format;  make lint: clang-tidy, cppcheck, shellcheck
#   make coverage   build/coverage/index.html
#   make bench      set up, build, measure against others, write docs/benchmarks.md
#   make install    DESTDIR and PREFIX are honoured
#
# V=1 shows the commands.  SANITIZE=address,undefined or SANITIZE=thread builds into a folder of its
# own.  CC=clang works.  WERROR=1 makes warnings errors, as CI does.

.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += --no-print-directory --jobs=$(shell nproc 2>/dev/null || echo 2)
endif
$(V:1=1).SILENT:

PREFIX   ?= /usr/local
CFLAGS   ?= $(if $(SANITIZE),-O1,-O2) -g
WARNINGS ?= -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wwrite-strings -Wformat=2 -Wvla $(if $(WERROR),-Werror)
ARCH     := $(shell $(CC) -dumpmachine | cut -d- -f1)

# known FLAG: the flag, where the compiler takes it.
known = $(shell $(CC) -Werror $(1) -S -x c /dev/null -o /dev/null 2>/dev/null && echo $(1))

# The OpenSSF hardening guide's flags; sanitizers bring their own checks.
HARDEN    := -fstack-protector-strong -fstack-clash-protection -fno-strict-overflow \
             -fno-delete-null-pointer-checks -fPIE $(call known,-ftrivial-auto-var-init=zero) \
             $(if $(filter x86_64,$(ARCH)),-fcf-protection=full) \
             $(if $(filter aarch64,$(ARCH)),-mbranch-protection=standard)
HARDEN_LD := -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code

B := build
ifdef SANITIZE
comma := ,
B := build/$(subst $(comma),-,$(SANITIZE))
CPPFLAGS  += -DKERNEL_ONE_VARIANT
# Of one variant gcc cannot tell that what is not computed is not read either.
WARNINGS  += $(call known,-Wno-maybe-uninitialized)
HARDEN    := -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
HARDEN_LD := -fsanitize=$(SANITIZE)
else ifdef COVERAGE
B := build/coverage
HARDEN    := --coverage -O0
HARDEN_LD := --coverage
else ifneq ($(filter -O%,$(filter-out -O0,$(CFLAGS))),)
HARDEN += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
endif

# -ffp-contract=off: nothing is fused but fma(), so that every compiler gives the same bits.
# -ffile-prefix-map: the program does not say where it was built, and is the same wherever that is.
override CFLAGS   += -std=c11 $(WARNINGS) $(HARDEN) -ffp-contract=off -fno-common -pthread -MMD -MP \
                     -ffile-prefix-map=$(CURDIR)=.
override CPPFLAGS += -D_GNU_SOURCE -I.
override LDFLAGS  += $(HARDEN_LD) -Wl,--as-needed
LDLIBS := -lmicrohttpd -ljansson -lz -lzstd -lm

# A kernel is core/kernels/NAME.c, built with the instructions it may use (core/kernels.def).
KERNEL_FLAGS_avx512 := -O3 -mavx512f -mavx512bw -mavx512dq -mavx512vl -mfma -mf16c
KERNEL_FLAGS_avx2 := -O3 -mavx2 -mfma -mf16c
KERNEL_FLAGS_neon := -O3
KERNEL_FLAGS_fma := -mfma

# Blocks of logits and exact sums on the stack are not zeroed first: of a short row or sum that took
# longer than the work itself.
UNINITIALIZED := $(call known,-ftrivial-auto-var-init=uninitialized)
UNZEROED := core/kernels/% core/exact_sum.c core/exact_number.c core/objective_value.c core/moments.c core/choice.c \
            core/contest.c core/comparison.c core/statistics.c core/measure.c core/weighted_mean.c core/wide.c \
            core/aggregation.c core/policy_ratio.c core/ratio_sums.c core/policy_loss.c core/correction.c \
            api/score/scores.c api/score/corpus.c api/routes/rank/rank_reply.c api/routes/compare/duel.c

KERNELS := scalar $(if $(filter x86_64,$(ARCH)),avx512 avx2 fma) $(if $(filter aarch64,$(ARCH)),neon)

# A reader of numbers is api/json/readers/NAME.c (api/json/readers.def).
READER_FLAGS_avx512 := -mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx512vbmi -mavx512vbmi2 \
                       -mavx512bitalg -mavx512vpopcntdq -mbmi -mbmi2 -mpopcnt
READER_FLAGS_avx2 := -mavx2 -mbmi -mbmi2 -mpopcnt
READERS := portable $(if $(filter x86_64,$(ARCH)),avx512 avx2)

# For those who build kernels in other ways: a name and its flags a line.
.PHONY: kernel-flags
kernel-flags:
	$(foreach k,$(KERNELS),echo "$(k) $(KERNEL_FLAGS_$(k))";)

CORE   := $(wildcard core/*.c core/objectives/*.c core/preference/*.c core/policy/*.c) $(KERNELS:%=core/kernels/%.c)
API    := $(filter-out api/json/readers/%,$(wildcard api/*/*.c api/routes/*/*.c)) \
          $(READERS:%=api/json/readers/%.c)
SERVER := $(filter-out server/main.c,$(wildcard server/*.c))

objects = $(1:%.c=$(B)/%.o)

.PHONY: all
all: $(B)/logitd

$(B)/logitd: $(B)/server/main.o $(B)/libserver.a $(B)/libapi.a $(B)/libcore.a
$(B)/libserver.a: $(call objects,$(SERVER))
$(B)/libapi.a: $(call objects,$(API))
$(B)/libcore.a: $(call objects,$(CORE))

# The page is in the program: what is below web/, and the same compressed.  A folder is newer than the
# table where a file came or went.
WEB := $(sort $(wildcard web/*.html web/*.css web/*.svg web/js/*.js web/examples/*))
$(B)/web/assets.def: web/embed.sh Makefile $(WEB) $(sort $(dir $(WEB)))
	web/embed.sh $(@D) $(WEB)
$(B)/api/routes/page/assets.o: $(B)/web/assets.def
$(B)/api/routes/page/assets.o: override CPPFLAGS += -I$(B)

$(B)/logitd:
	echo "  LD   $@"
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(B)/%.a:
	echo "  AR   $@"
	rm -f $@ && $(AR) rcs $@ $^

$(B)/%.o: %.c Makefile
	echo "  CC   $<"
	mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(if $(filter core/kernels/%,$<),$(KERNEL_FLAGS_$(*F))) \
	  $(if $(filter $(UNZEROED),$<),$(UNINITIALIZED)) \
	  $(if $(filter api/json/readers/%,$<),$(READER_FLAGS_$(*F))) -c -o $@ $<

# setup-GROUP installs what packages.txt lists for the group; make alone installs nothing.
.PHONY: setup-%
setup-%:
	./setup.sh build $*

# Not every release has a browser, and not everybody may install one: the tests that need it are skipped then.
.PHONY: setup-browser
setup-browser:
	-command -v chromium >/dev/null || ./setup.sh browser

.PHONY: demo run examples
demo: setup-demo
	$(MAKE) all
	examples/demo.sh $(B)/logitd

run: setup-build
	$(MAKE) all
	exec $(B)/logitd

examples: $(B)/examples/score
$(B)/examples/score: $(B)/examples/score.o
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcurl

.PHONY: docs format lint install clean
docs: $(B)/logitd
	$(B)/logitd --docs > docs/reference.md
	python3 docs/heads.py

FORMATTED = $(shell git ls-files '*.c' '*.h')
format: setup-lint
	clang-format -i $(FORMATTED)

lint: setup-lint
	clang-format --dry-run -Werror $(FORMATTED)
	clang-tidy --quiet --warnings-as-errors='*' $(CORE) $(API) $(SERVER) -- -std=c11 $(CPPFLAGS)
	cppcheck --quiet --error-exitcode=1 --enable=warning,portability,performance \
	  --inline-suppr --suppress=missingIncludeSystem -D_GNU_SOURCE -D__BYTE_ORDER__=1234 \
	  -D__ORDER_LITTLE_ENDIAN__=1234 -I. core api server
	shellcheck -x $(shell git ls-files '*.sh') .ci/run

install: $(B)/logitd
	install -D -m 755 $< $(DESTDIR)$(PREFIX)/bin/logitd

clean:
	rm -rf build

# The program is built without them, too, as from a tarball that has no tests.
-include tests/tests.mk
-include bench/bench.mk
-include $(shell find $(B) -name '*.d' 2>/dev/null)
