# How the tests are built and run; included by the Makefile.  tests/README.md says where a case goes.
#
# `make test` installs what is missing, builds once and runs each test once; it takes a few minutes.
# `make test-sanitized` runs the programs again, under AddressSanitizer and UndefinedBehaviorSanitizer and
# under ThreadSanitizer, then the fuzzers, and compares the bits of other compilers and of AArch64.
# `make test-long` sets LOGITD_TEST_LONG=1 for both and for the hostile suites: random tests take longer.

UNIT := $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(sort $(wildcard tests/unit/test_*.c)))
HTTP := $(patsubst tests/http/%.c,$(B)/tests/http/%,$(sort $(wildcard tests/http/test_*.c)))
HTTP_COMMON := $(filter-out $(wildcard tests/http/test_*.c),$(wildcard tests/http/*.c))
STARVE := $(B)/tests/starve/starve.so
WORST := $(B)/tests/worst/worst

# Fuzzers are linked by clang only; that they compile is seen by any compiler.
FUZZ_OBJECTS := $(call objects,$(wildcard tests/fuzz/*.c))

.PHONY: tests http-tests
http-tests: $(B)/logitd $(HTTP)
tests: http-tests $(UNIT) $(WORST) $(if $(SANITIZE),,$(STARVE) $(FUZZ_OBJECTS) drivers)

# The plain way to read a body, which the streaming one is held to.
$(B)/libplain.a: $(call objects,$(wildcard tests/plain/*.c))

$(UNIT): $(B)/tests/unit/%: $(B)/tests/unit/%.o $(B)/libplain.a $(B)/libserver.a $(B)/libapi.a $(B)/libcore.a
	echo "  LD   $@"
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcheck -lsubunit -lmpfr -lgmp -lrt -lm

# These put functions of their own in place of some (deny.h).
$(B)/tests/unit/test_denied $(B)/tests/fuzz/fuzz_limits: LDFLAGS += \
  $(foreach f,arena_alloc arena_grow arena_copy malloc realloc,-Wl,--wrap=$(f))

$(HTTP): $(B)/tests/http/%: $(B)/tests/http/%.o $(call objects,$(HTTP_COMMON)) $(B)/libcore.a
	echo "  LD   $@"
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcheck -lsubunit -lcurl -ljansson -lz -lzstd -lrt -lm

$(B)/tests/cross/bits: $(B)/tests/cross/bits.o $(B)/libcore.a
	echo "  LD   $@"
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lm

# The search for the worst case of each number.
$(WORST): $(call objects,$(wildcard tests/worst/*.c)) $(B)/libcore.a
	echo "  LD   $@"
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcheck -lsubunit -lmpfr -lgmp -lrt -lm

# Preloaded into the server: lets one allocation fail.
$(STARVE): tests/starve/starve.c Makefile
	mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -std=c11 -O2 -g $(WARNINGS) -fPIC -shared -o $@ $<

# label=command for tests/run.sh, in the order of trust.
named = $(foreach t,$(1),$(2)$(notdir $(t))="$(3)$(t)")
PLAIN := $(call named,$(UNIT),unit:) layers="tests/layers.py $(B)" layers_test="tests/layers_test.py" \
         sizes="tests/sizes.sh" cost="tests/cost/cost.py $(B)/tests/cost/cost" golden="tests/golden.sh" \
         docs="tests/docs.sh $(B)/logitd" worst="$(WORST)" commands="tests/commands.py $(B)/logitd" first_run="tests/first_run.py $(B)/logitd" \
         answers="tests/answers.py $(B)/logitd" edges="tests/edges.py $(B)/logitd" deploy="python3 tests/deploy.py" \
         mutations="python3 tests/mutations.py $(B)/logitd" peers="tests/peers.py $(B)/logitd" lines="tests/lines.py $(B)/logitd" \
         openai="tests/openai.sh $(B)/logitd" lm_eval="python3 tests/lm_eval.py $(B)/logitd" \
         python="tests/python/run.py $(B)/logitd" \
         web="tests/web.sh $(B)/logitd" \
         $(call named,$(HTTP),http:,LOGITD=$(B)/logitd STARVE=$(STARVE) )
ADDRESS := build/address-undefined
THREAD  := build/thread
# libmicrohttpd is seen from outside only; tests/tsan.supp gives the reasons.
TSAN := TSAN_OPTIONS=suppressions=tests/tsan.supp:halt_on_error=1
SANITIZED_UNIT = $(patsubst $(B)/%,$(1)/%,$(UNIT))
# A sanitizer has an allocator of its own: nothing can be preloaded.
SANITIZED_HTTP = $(patsubst $(B)/%,$(1)/%,$(filter-out %/test_starve,$(HTTP)))
SANITIZED := cross="tests/cross.sh $(B)" fuzz="tests/fuzz.sh 5" \
  address:mutations="python3 tests/mutations.py $(ADDRESS)/logitd" address:edges="tests/edges.py $(ADDRESS)/logitd" \
  $(call named,$(call SANITIZED_UNIT,$(ADDRESS)),address:unit:,LOGITD_TEST_TIMES=3 ) \
  $(call named,$(call SANITIZED_HTTP,$(ADDRESS)),address:http:,LOGITD=$(ADDRESS)/logitd ) \
  $(call named,$(call SANITIZED_HTTP,$(THREAD)),thread:http:,$(TSAN) LOGITD=$(THREAD)/logitd )

.PHONY: test test-sanitized test-long layers
test: setup-test setup-browser
	$(MAKE) tests
	tests/run.sh $(PLAIN)

test-sanitized: setup-test setup-sanitize
	$(MAKE) $(B)/tests/cross/bits
	$(MAKE) SANITIZE=address,undefined tests
	$(MAKE) SANITIZE=thread http-tests
	tests/run.sh $(SANITIZED)

test-long:
	LOGITD_TEST_LONG=1 LOGITD_TEST_TIMES=3 $(MAKE) test
	LOGITD_TEST_LONG=1 $(MAKE) test-sanitized
	LOGITD_TEST_LONG=1 $(MAKE) test-hostile

layers: $(B)/logitd
	tests/layers.py $(B)

# Fuzzers need clang's libFuzzer.  `make fuzz FUZZ_SECONDS=3600` for a long run; make test-sanitized runs
# them for a few seconds each where clang is.
FUZZERS := $(patsubst tests/fuzz/%.c,$(B)/tests/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_SECONDS ?= 600
.PHONY: fuzz fuzzers
fuzzers: $(FUZZERS)
$(FUZZERS): $(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o $(B)/libplain.a $(B)/libserver.a $(B)/libapi.a $(B)/libcore.a
	echo "  LD   $@"
	$(CC) $(CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(LDLIBS)

fuzz: setup-sanitize
	tests/fuzz.sh $(FUZZ_SECONDS)

include tests/hostile/hostile.mk

.PHONY: coverage
coverage: setup-cover setup-test
	$(MAKE) COVERAGE=1 tests
	-tests/run.sh $(patsubst build/%,build/coverage/%,$(call named,$(UNIT),)) \
	  $(call named,$(patsubst $(B)/%,build/coverage/%,$(HTTP)),,LOGITD=build/coverage/logitd )
	gcovr --root . --filter core/ --filter api/ --filter server/ --html-details \
	  build/coverage/index.html --print-summary build/coverage
