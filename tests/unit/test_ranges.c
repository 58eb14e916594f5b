/* test_ranges.c - numbers at the edges of their ranges: just inside they are taken, just outside
 * they are refused, by all ways in. */
#include "tests/unit/infer_check.h"

#include "api/members/range.h"

#include <math.h>
#include <stdio.h>

/* A request with the number in the place of #. */
struct way {
    enum range_id range;
    const struct endpoint *endpoint;
    const char *type, *body, *pointer;
};

#define SCORE(range, body, pointer)                                                                \
    {                                                                                              \
        RANGE_##range, &endpoint_score, NULL, body, pointer                                        \
    }
#define LINE(range, body, pointer)                                                                 \
    {                                                                                              \
        RANGE_##range, &endpoint_score, "application/x-ndjson", body "\n", pointer                 \
    }
#define RANK(range, body, pointer)                                                                 \
    {                                                                                              \
        RANGE_##range, &endpoint_rank, NULL, body, pointer                                         \
    }
#define COMPARE(range, body, pointer)                                                              \
    {                                                                                              \
        RANGE_##range, &endpoint_compare, NULL, body, pointer                                      \
    }
#define INFER(range, body, pointer)                                                                \
    {                                                                                              \
        RANGE_##range, &endpoint_infer, NULL, body, pointer                                        \
    }

#define ONE "'tokens':[0,1],'logits':[[1,2,3]]"
#define ROW "'logits':[[1,2,3]]"
#define WEIGHTED(type)                                                                             \
    "{'parameters':{'precision':'fp64'},'inputs':["                                                \
    "{'name':'tokens','shape':[1,2],'datatype':'INT64','data':[0,1]},"                             \
    "{'name':'prompt_length','shape':[1],'datatype':'INT64','data':[1]},"                          \
    "{'name':'weights','shape':[1,2],'datatype':'" type "','data':[1,#]},"                         \
    "{'name':'logits','shape':[1,2,3],'datatype':'FP32','data':[1,2,3,4,5,6]}]}"

static const struct way ways[] = {
    SCORE(temperature, "{'temperature':#," ONE "}", "/temperature"),
    SCORE(temperature, "{" ONE ",'temperature':#}", "/temperature"),
    SCORE(temperature, "{'sequences':[{" ONE ",'temperature':#}]}", "/sequences/0/temperature"),
    SCORE(temperature, "{'temperature':#,'sequences':[{" ONE "}]}", "/temperature"),
    SCORE(softcap, "{'softcap':#,'temperature':1e308," ONE "}", "/softcap"),
    SCORE(softcap, "{'sequences':[{" ONE ",'softcap':#}],'temperature':1e308}",
          "/sequences/0/softcap"),
    SCORE(label_smoothing, "{'label_smoothing':#," ONE "}", "/label_smoothing"),
    SCORE(label_smoothing, "{'sequences':[{" ONE "}],'label_smoothing':#}", "/label_smoothing"),
    SCORE(z_loss, "{" ONE ",'z_loss':#}", "/z_loss"),
    SCORE(z_loss, "{'sequences':[{" ONE "},{'z_loss':#," ONE "}]}", "/sequences/1/z_loss"),
    SCORE(top_p, "{'top_p':#," ONE "}", "/top_p"),
    SCORE(top_p, "{'sequences':[{" ONE ",'top_p':#}]}", "/sequences/0/top_p"),
    SCORE(min_p, "{" ONE ",'min_p':#}", "/min_p"),
    SCORE(weights, "{" ONE ",'weights':[1,#]}", "/weights/1"),
    SCORE(weights, "{'tokens':[0,1],'weights':[#,1],'logprobs':[null,-1]}", "/weights/0"),
    SCORE(weights, "{" ONE ",'weights':[[1,#]]}", "/weights/0/1"),
    LINE(temperature, "{" ONE ",'temperature':#}", "/temperature"),
    LINE(softcap, "{" ONE ",'softcap':#,'temperature':1e308}", "/softcap"),
    LINE(top_p, "{" ONE ",'top_p':#}", "/top_p"),
    LINE(min_p, "{'min_p':#,'sequences':[{" ONE "}]}", "/min_p"),
    LINE(label_smoothing, "{" ONE ",'label_smoothing':#}", "/label_smoothing"),
    LINE(z_loss, "{'sequences':[{" ONE ",'z_loss':#}]}", "/sequences/0/z_loss"),
    LINE(weights, "{" ONE ",'weights':[1,#]}", "/weights/1"),
    RANK(temperature, "{'prompt':[0],'choices':[{'completion':[1]," ROW ",'temperature':#}]}",
         "/choices/0/temperature"),
    RANK(temperature, "{'temperature':#,'prompt':[0],'choices':[{'completion':[1]," ROW "}]}",
         "/temperature"),
    RANK(softcap,
         "{'prompt':[0],'temperature':1e308,'choices':[{'completion':[1]," ROW ",'softcap':#}]}",
         "/choices/0/softcap"),
    RANK(top_p, "{'prompt':[0],'choices':[{'completion':[1]," ROW ",'top_p':#}]}",
         "/choices/0/top_p"),
    RANK(min_p, "{'min_p':#,'prompt':[0],'choices':[{'completion':[1]," ROW "}]}", "/min_p"),
    RANK(value, "{'prompt':[0],'choices':[{'completion':[1]," ROW ",'value':#}]}",
         "/choices/0/value"),
    COMPARE(temperature, "{'tokens':[0,1],'models':[{" ROW ",'temperature':#},{" ROW "}]}",
            "/models/0/temperature"),
    COMPARE(temperature, "{'tokens':[0,1],'models':[{" ROW "},{" ROW ",'temperature':#}]}",
            "/models/1/temperature"),
    COMPARE(top_p, "{'tokens':[0,1],'models':[{" ROW ",'top_p':#},{" ROW "}]}", "/models/0/top_p"),
    COMPARE(min_p, "{'tokens':[0,1],'min_p':#,'models':[{" ROW "},{" ROW "}]}", "/min_p"),
    COMPARE(softcap,
            "{'tokens':[0,1],'models':[{" ROW "},{'softcap':#," ROW ",'temperature':1e308}]}",
            "/models/1/softcap"),
    INFER(temperature, ASKING("'parameters':{'temperature':#}"), "/parameters/temperature"),
    INFER(softcap, ASKING("'parameters':{'softcap':#,'temperature':1e308}"), "/parameters/softcap"),
    INFER(label_smoothing, ASKING("'parameters':{'label_smoothing':#}"),
          "/parameters/label_smoothing"),
    INFER(z_loss, ASKING("'parameters':{'z_loss':#}"), "/parameters/z_loss"),
    INFER(weights, WEIGHTED("FP64"), "weights[0,1]"),
};

static size_t write(const struct way *way, double value, char *body)
{
    char text[1024];
    size_t length = 0;

    for (const char *c = way->body; *c; c++)
        if (*c == '#')
            length += (size_t)sprintf(text + length, "%.17g", value);
        else
            text[length++] = *c;
    text[length] = '\0';
    return requote(text, body);
}

static void ask(struct exchange *x, const struct way *way, double value)
{
    const struct api api = plain_api(PLENTY);
    static char body[1024];
    const size_t length = write(way, value, body);

    if (way->endpoint == &endpoint_infer)
        post_infer(x, &api,
                   way->range == RANGE_weights ? "/v2/models/score/infer"
                                               : "/v2/models/logprobs/infer",
                   NULL, body, length, 0, PLENTY);
    else
        post_with(x, &api, way->endpoint, way->type, body, length, 0, PLENTY);
}

static void check_inside(const struct way *way, double value)
{
    struct exchange x;

    ask(&x, way, value);
    ck_assert_msg(x.reply.status == 200 && !reply_has(&x, "out_of_range") && x.stats.nans == 0,
                  "%s, %.17g: %.*s", way->body, value, (int)x.reply.length, x.reply.body);
    exchange_release(&x);
}

/* An error of a line is in an answer of 200. */
static void check_outside(const struct way *way, double value)
{
    const unsigned status = way->endpoint == &endpoint_infer ? 400 : way->type ? 200 : 422;
    char says[128];
    struct exchange x;

    ask(&x, way, value);
    snprintf(says, sizeof says, "out of its range, %s: ", range_at(way->range)->text);
    ck_assert_msg(x.reply.status == status && reply_has(&x, way->pointer) && reply_has(&x, says)
                      && (status == 400 || reply_has(&x, "out_of_range")),
                  "%s, %.17g: %.*s", way->body, value, (int)x.reply.length, x.reply.body);
    exchange_release(&x);
}

/* The ranges, in other words than those of the table: the first and last numbers in them, and
 * numbers outside of them. */
static const struct edge {
    double first, last;
    double outside[6];
    bool zero;
} edges[RANGE_COUNT] = {
    [RANGE_temperature] = {1e-307, 1e308, {0, -1, 9.99e-308, 1.01e308, 5e-324, 1.7e308}, false},
    [RANGE_softcap] = {1e-307, 1e308, {0, -1, 9.99e-308, 1.01e308, 5e-324, 1.7e308}, false},
    [RANGE_top_p] = {5e-324, 1, {0, -1, 1.5, 2, 1e308, -5e-324}, false},
    [RANGE_min_p] = {0, 1, {-5e-324, -1, 1.5, 2, 1e308, -1e300}, true},
    [RANGE_label_smoothing] = {1e-300,
                               0x1.fffffffffffffp-1,
                               {-1e-300, 1, 9.99e-301, 5e-324, 1.5, -1},
                               true},
    [RANGE_z_loss] = {1e-300, 1e300, {-1e-300, 1.01e300, 9.99e-301, 5e-324, 1.7e308, -1}, true},
    [RANGE_weights] = {1e-300,
                       0x1.fffffffffffffp1023,
                       {-1e-300, -1, 9.99e-301, 5e-324, -1e308, -2},
                       true},
    [RANGE_value] = {-1e100, 1e100, {1.01e100, -1.01e100, 1e101, 1.7e308, -1.7e308, -1e300}, true},
};

START_TEST(numbers_are_taken_up_to_the_edges)
{
    const struct way *way = &ways[_i];
    const struct edge *edge = &edges[way->range];

    check_inside(way, edge->first);
    check_inside(way, edge->last);
    check_outside(way, nextafter(edge->first, -INFINITY));
    if (edge->last < 1.7e308)
        check_outside(way, nextafter(edge->last, INFINITY));
    for (size_t i = 0; i < COUNT(edge->outside); i++)
        check_outside(way, edge->outside[i]);
    if (edge->zero) {
        check_inside(way, 0);
        check_inside(way, -0.0);
    }
}
END_TEST

/* A softcap and a temperature that are each in their range. */
static const struct {
    const char *body, *pointer; /* NULL: they go together */
} pairs[] = {
    {"{'softcap':1.152921504606847e18," ONE "}", NULL},
    {"{'softcap':1.1529215046068472e18," ONE "}", "/softcap"},
    {"{'softcap':1e308,'temperature':1e290," ONE "}", NULL},
    {"{'softcap':1e308,'temperature':1e-307," ONE "}", "/softcap"},
    {"{'softcap':1e-307,'temperature':1e308," ONE "}", NULL},
    {"{" ONE ",'softcap':1e300}", "/softcap"},
    {"{" ONE ",'softcap':1e300,'temperature':1e300}", NULL},
    {"{'softcap':1e30,'sequences':[{" ONE ",'temperature':1e12},{" ONE ",'temperature':1e11}]}",
     "/softcap"},
    {"{'temperature':1e-3,'sequences':[{" ONE "},{" ONE ",'softcap':1e16}]}",
     "/sequences/1/softcap"},
};

START_TEST(a_softcap_goes_with_its_temperature)
{
    static const size_t kept[] = {PLENTY, 0};

    for (size_t n = 0; n < COUNT(pairs) * COUNT(kept); n++) {
        struct api api = plain_api(PLENTY);
        char body[512], says[64];
        const size_t i = n / COUNT(kept), length = requote(pairs[i].body, body);
        struct exchange x;

        api.kept_rows = kept[n % COUNT(kept)];
        post(&x, &api, body, length, 0, PLENTY);
        snprintf(says, sizeof says, "\"pointer\":\"%s\",",
                 pairs[i].pointer ? pairs[i].pointer : "");
        if (reply_has(&x, "member_after_logits"))
            ck_assert_uint_eq(api.kept_rows, 0);
        else if (!pairs[i].pointer)
            ck_assert_msg(x.reply.status == 200, "%s %.*s", body, (int)x.reply.length,
                          x.reply.body);
        else
            ck_assert_msg(x.reply.status == 422 && reply_has(&x, says)
                              && reply_has(&x, "more than 2^60 (about 1.15e18) times the "
                                               "temperature"),
                          "%s %.*s", body, (int)x.reply.length, x.reply.body);
        exchange_release(&x);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_softcap_goes_with_its_temperature, NULL};

    api_start();
    return suite_run("ranges",
                     (const struct loop[]){{numbers_are_taken_up_to_the_edges, COUNT(ways)}, {0}},
                     tests);
}
