# The benchmarks; included by the Makefile.
#
# `make bench` installs what is missing, builds, runs every row of bench/rows.py and writes
# docs/benchmarks.md.  `make bench ROWS=small` runs the rows whose work has the word in it, and only
# prints.  `make bench-kernels` tells the speed of every kernel with every dtype.

# Debian's own, which has Debian's PyTorch.
PYTHON ?= /usr/bin/python3

# Peers in C++ are built where their library is, and for the machine at hand, as their users would.
PEERS := $(B)/bench/peers/sink \
         $(if $(wildcard /usr/include/simdjson.h),$(B)/bench/peers/simdjson_read)

.PHONY: bench bench-programs bench-kernels
bench: setup-bench
	$(MAKE) all bench-programs
	$(PYTHON) bench/run.py --build $(B) $(ROWS)

bench-programs: $(B)/bench/client $(B)/bench/kernel $(PEERS)

bench-kernels: $(B)/bench/kernel
	$< --all

$(B)/bench/client: $(B)/bench/client.o
	echo "  LD   $@"
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

# The loop that merely reads memory needs wide vectors to reach the machine's limit.
$(B)/bench/kernel.o: override CFLAGS += -O3 $(if $(filter x86_64,$(ARCH)),-mavx2)
$(B)/bench/kernel: $(B)/bench/kernel.o $(B)/libcore.a
	echo "  LD   $@"
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lm

$(B)/bench/peers/sink: $(B)/bench/peers/sink.o
	echo "  LD   $@"
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lmicrohttpd

$(B)/bench/peers/%: bench/peers/%.cc bench/bench.mk
	echo "  CXX  $@"
	mkdir -p $(@D)
	$(CXX) -std=c++17 -O3 -march=native -o $@ $< -l$(firstword $(subst _, ,$*))
