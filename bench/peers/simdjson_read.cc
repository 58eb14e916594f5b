// simdjson_read.cc - merely read the numbers of a body with simdjson's on-demand parser, from memory.
//
// simdjson_read FILE: goes over the body for every line of standard input, and prints gigabytes of
// text a second: the median of PASSES, on one thread.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <simdjson.h>
#include <string>

static constexpr int PASSES = 9;

static double read_logits(simdjson::ondemand::parser &parser, const simdjson::padded_string &body)
{
    double sum = 0;
    simdjson::ondemand::document document = parser.iterate(body);

    for (auto row : document["logits"])
        for (double logit : row)
            sum += logit;
    return sum;
}

static volatile double sink;

static double seconds_of_a_pass(simdjson::ondemand::parser &parser, const simdjson::padded_string &body)
{
    const auto start = std::chrono::steady_clock::now();

    sink = read_logits(parser, body);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    const simdjson::padded_string body = simdjson::padded_string::load(argv[1]);
    simdjson::ondemand::parser parser;

    for (std::string line; std::getline(std::cin, line);) {
        double times[PASSES];

        for (double &time : times)
            time = seconds_of_a_pass(parser, body);
        std::sort(times, times + PASSES);
        printf("%.4f\n", 1e-9 * static_cast<double>(body.size()) / times[PASSES / 2]);
        fflush(stdout);
    }
    return 0;
}
