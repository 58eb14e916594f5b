"""What POST /v1/compare answers where distillation or details are asked for, by the definitions in decimal arithmetic;
and the golden cases of it.  compare.py makes use of both."""
import itertools
import json
from decimal import Decimal as D, localcontext

from oracle import INF

DISTILLED = ("divergence", "teacher_mass", "student_mass", "overlap")


def settled(function, *arguments):
    """What a function answers with digits enough; what they leave of 0 is 0."""
    with localcontext() as context:
        context.prec = 120
        return {name: D(0) if isinstance(x, D) and abs(x) < D("1e-90") else x for name, x in function(*arguments).items()}


def logs(row):
    return [None if n is None else -n for n in row.nll]


def exp(x):
    return D(0) if x is None else x.exp()


def ln(p):
    return None if p == 0 else p.ln()


def kl(p, q):
    """sum p ln(p / q), of lists of (ln p, p)."""
    if any(x > 0 and y == 0 for (_, x), (_, y) in zip(p, q)):
        return INF
    return sum((x * (a - b) for (a, x), (b, _) in zip(p, q) if x > 0), D(0))


def divergence(beta, p, q):
    """`p` and `q`: lists of (ln p, p)."""
    if beta == 0:
        return kl(p, q)
    if beta == 1:
        return kl(q, p)
    beta = D(beta)
    m = [beta * x + (1 - beta) * y for (_, x), (_, y) in zip(p, q)]
    m = [(ln(x), x) for x in m]
    return beta * kl(p, m) + (1 - beta) * kl(q, m)


def both(values):
    return [(x, exp(x)) for x in values]


def renormalized(part):
    mass = sum(x for _, x in part)
    return None if mass == 0 else [(ln(x / mass), x / mass) for _, x in part]


class Asked:
    """What a sequence asks.  `s` has its members, `a` and `b` those of its models, with defaults."""

    def __init__(self, s, a, b):
        self.rule, self.known = s.get("distillation"), a.get("top_logprobs")
        self.temperature = float(b.get("temperature", 1))
        details = s.get("details", [])
        self.crosses = "cross_entropy" in details
        drafts = [int(d.split(":")[1]) for d in details if ":" in d]
        self.drafts = drafts[-1] if drafts else None

    def names(self):
        """The columns."""
        result = []
        if self.rule is not None:
            result += DISTILLED if "top_k" in self.rule or self.known else DISTILLED[:1]
        return result + ["cross_entropy_ab"] * self.crosses + ["acceptance"] * (self.drafts is not None)

    def of_rows(self, a, b, target):
        values = settled(self.rows, a, b, target)
        return {name: values[name] for name in values if name not in DISTILLED or name in self.names()}

    def of_known(self, entry, b):
        return {} if entry is None else settled(self.teach, entry, b)

    def rows(self, a, b, target):
        result = {}
        p, q = both(logs(a)), both(logs(b))
        if self.rule is not None:
            k = self.rule.get("top_k", len(p))
            best = [sorted(range(len(p)), key=row.order)[:k] for row in (a, b)]
            result.update(self.distilled(p, q, best[self.rule.get("support") == "student"], best))
        if self.crosses:
            result.update(crossed(p, q, target))
        if self.drafts is not None:
            result["acceptance"] = sum(min(x, y) for (_, x), (_, y) in zip(p, q))
        return result

    def teach(self, entry, b):
        q = both(logs(b))
        entry = entry[:self.rule.get("top_k", len(entry))]
        chosen = [i for i, _ in entry]
        given = dict((i, None if D(x) == -D("Infinity") else D(x)) for i, x in entry)
        p = both([given.get(i) for i in range(len(q))])
        best = [chosen, sorted(range(len(q)), key=b.order)[:len(entry)]]
        return self.distilled(p, q, chosen, best, rest=max(D(0), 1 - sum(x for _, x in p)))

    def distilled(self, p, q, chosen, best, rest=None):
        """`rest`: of the teacher, outside of `chosen`."""
        tail, beta = self.rule.get("tail", "bucket"), self.rule.get("beta", 0.5)
        sides = [[side[i] for i in chosen] for side in (p, q)]
        masses = [sum(x for _, x in side) for side in sides]
        if len(chosen) == len(p):
            masses = [D(1), D(1)]
        elif tail == "bucket":
            others = [i for i in range(len(p)) if i not in chosen]
            rests = [sum((side[i][1] for i in others), D(0)) for side in (p, q)]
            rests[0] = rests[0] if rest is None else rest
            sides = [side + [(ln(x), x)] for side, x in zip(sides, rests)]
        elif tail == "renormalize":
            sides = [renormalized(side) for side in sides]
        value = None if None in sides else divergence(beta, *sides)
        if value not in (None, INF) and self.rule.get("temperature_squared"):
            value *= D(self.temperature) ** 2
        return {"divergence": value, "teacher_mass": masses[0], "student_mass": masses[1],
                "overlap": D(len(set(best[0]) & set(best[1]))) / len(chosen)}


def crossed(p, q, target):
    if any(x > 0 and y == 0 for (_, x), (_, y) in zip(p, q)):
        return {"cross_entropy_ab": INF, "variance": None, "above": None}
    entropy = -sum((x * b for (_, x), (b, _) in zip(p, q) if x > 0), D(0))
    variance = sum((x * (b + entropy) ** 2 for (_, x), (b, _) in zip(p, q) if x > 0), D(0))
    at = q[target][0]
    return {"cross_entropy_ab": entropy, "variance": variance, "above": -INF if at is None else at + entropy}


def sum_of(values):
    return -INF if -INF in values else INF if INF in values else sum(values)


def over(x, y):
    """x / y, of numbers >= 0."""
    if y == INF:
        return None if x == INF else D(0)
    if y == 0:
        return None if x == 0 else INF
    return INF if x == INF else x / y


def detected(tokens):
    """binoculars and fast_detect_gpt of tokens that have a cross-entropy."""
    if not tokens:
        return None, None
    log_prob = sum_of([t["b"] for t in tokens])
    binoculars = over(INF if log_prob == -INF else -log_prob, sum_of([t["cross_entropy_ab"] for t in tokens]))
    if any(t["variance"] is None for t in tokens):
        return binoculars, None
    variance, above = sum(t["variance"] for t in tokens), sum_of([t["above"] for t in tokens])
    return binoculars, None if variance == 0 else -INF if above == -INF else above / variance.sqrt()


def expected_tokens(values, drafts):
    """`drafts`: of the sequences that ask for it."""
    if not values or len(set(drafts)) > 1:
        return None
    mean = sum(values) / len(values)
    return sum(mean ** j for j in range(drafts[0] + 1))


# ---- cases ----

A = "[[0.5,-1,2,0.25],[1,3,-0.5,0],[-2,0.125,0,4]]"
B = "[[0.25,-1.5,1,0.5],[0,4,-0.5,1],[-1,0.5,3,2.5]]"
FAR_A = "[[0,-1,-2,-800],[0,-1,-800,-900],[5,5,1,1]]"
FAR_B = "[[0,-1,-3,-900],[-800,-790,0,1],[1,5,5,1]]"
MASKED_A = "[[0,1,-Infinity,2],[0,-Infinity,1,2],[-Infinity,-Infinity,0,1]]"
MASKED_B = "[[1,1,2,-Infinity],[1,-Infinity,0,2],[0,1,-Infinity,-Infinity]]"
T4 = '"tokens":[0,2,1,3],"prompt_length":2'
ROWS = {"plain": (A, B), "far": (FAR_A, FAR_B), "masked": (MASKED_A, MASKED_B), "equal": (A, A)}
SURE = '{"logprobs":[null,-0.5,-1,-0.25],"top_logprobs":[null,[[2,-0.5],[0,-1.25]],[[1,-0.125],[3,-4]],[[3,-0.25],[2,-3]]]}'
MANY = '{"logprobs":[null,-0.5,-1,-0.25],"top_logprobs":[null,null,[[1,-0.125],[3,-1]],[[3,0],[2,"-Infinity"]]]}'
MANY_BARE = MANY.replace('"-Infinity"', "-Infinity")
WHOLE = '{"logprobs":[null,-0.5,-1,-0.25],"top_logprobs":[null,[[0,-0.5],[1,-1.25],[2,-3],[3,-5]],null,null]}'
NOTHING = '{"logprobs":[null,-0.5,-1,-0.25],"top_logprobs":[null,null,null,null]}'


def request(extra, a=A, b=B, head=T4):
    return '{%s%s%s,"models":[{"logits":%s},{"logits":%s}]}' % (head, "," if extra else "", extra, a, b)


def taught(extra, teacher=SURE, b=B, head=T4):
    return '{%s,"distillation":%s,"models":[%s,{"logits":%s}]}' % (head, extra, teacher, b)


def valid():
    """name -> body."""
    cases = {
        "distil_default": request('"distillation":{}'),
        "distil_temperature": request('"distillation":{"beta":0},"temperature":2'),
        "distil_temperatures": request('"distillation":{"beta":0.25}').replace('[{"logits"', '[{"temperature":0.5,"logits"', 1),
        "distil_temperature_squared": request('"distillation":{"beta":1,"temperature_squared":true},"temperature":2.5'),
        "distil_temperature_squared_false": request('"distillation":{"temperature_squared":false}').replace('[{"logits"', '[{"temperature":0.5,"logits"', 1),
        "distil_softcap": request('"distillation":{"top_k":2},"softcap":2'),
        "distil_sampled": request('"distillation":{"beta":0.5},"details":["cross_entropy","speculative:2"],"top_k":3'),
        "distil_sampled_alike": request('"distillation":{"beta":1,"top_k":1,"tail":"drop"},"details":["cross_entropy"],"top_p":0.5,"temperature":2', A, A.replace("0.125", "0.25")),
        "distil_f64": request('"distillation":{"beta":0},"dtype":"f64"', A.replace("0.125", "0.1"), B.replace("2.5", "2.3")),
        "distil_all_of_top": request('"distillation":{"top_k":4,"tail":"drop"}'),
        "distil_more_than_all": request('"distillation":{"top_k":1024,"tail":"renormalize","support":"student"}'),
        "distil_ties": request('"distillation":{"top_k":2,"beta":0,"tail":"renormalize"}', "[[1,1,1,0],[2,2,0,2],[0,0,0,0]]", "[[0,1,1,1],[1,2,3,3],[0,0,1,1]]"),
        "distil_no_token": '{"prompt":[0,1],"completion":[],"distillation":{"top_k":1},"details":["cross_entropy","speculative:3"],"models":[{"logits":[[1,2]]},{"logits":[[1,3]]}]}',
        "distil_one_word": '{"tokens":[0,0],"distillation":{"top_k":1},"details":["cross_entropy","speculative:2"],"models":[{"logits":[[1]]},{"logits":[[7]]}]}',
        "distil_without_columns": request('"distillation":{"top_k":1},"details":["cross_entropy"],"per_token":false'),
        "cross_entropy": request('"details":["cross_entropy"]'),
        "cross_entropy_uniform": request('"details":["cross_entropy"]', A, "[[1,1,1,1],[0,0,0,0],[-3,-3,-3,-3]]"),
        "cross_entropy_uniform_where_it_counts": request('"details":["cross_entropy"]', MASKED_A, "[[1,1,0,1],[3,9,3,3],[0,1,2,2]]"),
        "cross_entropy_sure": request('"details":["cross_entropy"]', "[[0,-Infinity,-Infinity,-Infinity],[-Infinity,0,-Infinity,-Infinity],[-Infinity,-Infinity,-Infinity,7]]", B),
        "cross_entropy_impossible": request('"details":["cross_entropy"]', "[[0,1,-Infinity,2],[0,-Infinity,1,2],[0,0,1,-Infinity]]", "[[0,1,-Infinity,1],[0,-Infinity,0,2],[0,1,0,-Infinity]]"),
        "cross_entropy_temperature": request('"details":["cross_entropy","speculative:5"],"temperature":0.7,"softcap":3'),
        "speculative_least": request('"details":["speculative:1"]'),
        "speculative_most": request('"details":["speculative:64"]'),
        "speculative_again": request('"details":["speculative:2","speculative:2"]'),
        "asked_in_one": '{"sequences":[{%s,"distillation":{"top_k":2},"details":["cross_entropy","speculative:3"],"models":[{"logits":%s},{"logits":%s}]},{"tokens":[0,1],"models":[{"logprobs":[null,-1]},{"logprobs":[null,-2]}]}]}' % (T4, A, B),
        "asked_otherwise": '{"details":["speculative:2","cross_entropy"],"sequences":[%s,%s]}' % (request('"details":["speculative:3"],"distillation":{"beta":0}'), request('"distillation":{"beta":1,"top_k":1}', FAR_A, A)),
        "asked_of_shared_rows": '{"logits":%s,"details":["cross_entropy"],"distillation":{"top_k":2},"sequences":[{"tokens":[0,2,1,3],"models":[{},{"temperature":2}]},{"tokens":[0,3,3,3],"models":[{},{"temperature":2}]},{"tokens":[0,3,3,3],"distillation":{"top_k":1},"models":[{},{"temperature":2}]}]}' % A,
        "asked_of_outputs": '{"tokens":[0,2,1],"distillation":{"top_k":1},"details":["cross_entropy"],"models":[{"logits":[[1,2,3],[3,2,1]]},{"logits":[[1,2,2],[3,2,0]]}]}',
        "taught_nothing": taught('{"beta":0}', NOTHING),
        "taught_top": taught('{"beta":0,"top_k":1,"tail":"renormalize","support":"teacher"}'),
        "taught_completion": taught('{}', '{"logprobs":[-1,-0.25],"top_logprobs":[[[1,-0.125],[3,-4]],[[3,-0.25],[2,-3]]]}'),
        "taught_padded": '{"tokens":[9,0,2],"attention_mask":[0,1,1],"labels":[-100,-100,2],"distillation":{"beta":0},"models":[{"logprobs":[null,null,-1],"top_logprobs":[null,null,[[2,-0.5]]]},{"logits":[[0,0,0,0],[1,2,3,4]]}]}',
        "taught_temperature": taught('{"beta":0}').replace('{"logits"', '{"temperature":2,"logits"'),
        "top_logprobs_alone": '{%s,"models":[%s,{"logits":%s}]}' % (T4, SURE, B),
    }
    for tail in ("drop", "bucket", "renormalize"):
        cases["distil_masks_in_%s" % tail] = request('"distillation":{"top_k":3,"beta":0.25,"tail":"%s"}' % tail, "[[-Infinity,-Infinity,0,1],[0,-Infinity,-Infinity,-Infinity],[1,-Infinity,3,-Infinity]]", "[[0,1,-Infinity,2],[0,1,2,3],[-Infinity,-Infinity,-Infinity,0]]")
    for (name, (a, b)), beta in itertools.product(ROWS.items(), (0, 0.3, 1)):
        cases["distil_%s_%g" % (name, beta)] = request('"distillation":{"beta":%g},"details":["cross_entropy","speculative:4"]' % beta, a, b)
        for tail, support in itertools.product(("drop", "bucket", "renormalize"), ("teacher", "student")):
            rule = json.dumps({"beta": beta, "top_k": 2, "tail": tail, "support": support})
            cases["distil_%s_%s_%s_%g" % (name, tail, support, beta)] = request('"objectives":["conditional"],"distillation":%s' % rule, a, b)
    for (name, teacher), beta, tail in itertools.product((("sure", SURE), ("many", MANY), ("many_bare", MANY_BARE), ("whole", WHOLE)), (0, 0.5, 1), ("drop", "bucket", "renormalize")):
        cases["taught_%s_%s_%g" % (name, tail, beta)] = taught('{"beta":%g,"tail":"%s"}' % (beta, tail), teacher)
    return cases


def rule(extra):
    return request('"distillation":' + extra)


def given(top, head=T4, rule="{}"):
    return '{%s,"distillation":%s,"models":[{"logprobs":[null,-1,-1,-1],"top_logprobs":%s},{"logits":%s}]}' % (head, rule, top, B)


OF_ONE = '{%s,%s,"models":[{"logits":%s},{"logprobs":[null,-1,-1,-1]}]}'
INVALID = {
    "speculative_twice": ('{"tokens":[0,1],"details":["speculative:1","cross_entropy","speculative:4"],"models":[{"logits":[[1,2]]},{"logits":[[2,1]]}]}', 400, "duplicate_name", "/details/2", "asks for 4"),
    "distil_type": (rule("[]"), 400, "bad_shape", "/distillation"),
    "distil_null": (rule("null"), 400, "bad_shape", "/distillation"),
    "distil_unknown": (rule('{"betta":0.1}'), 400, "unknown_member", "/distillation/betta"),
    "distil_duplicate": (rule('{"beta":0,"beta":0}'), 400, "duplicate_name", "/distillation/beta"),
    "distil_beta_type": (rule('{"beta":"0.5"}'), 400, "bad_shape", "/distillation/beta"),
    "distil_beta_below": (rule('{"beta":-0.1}'), 422, "out_of_range", "/distillation/beta"),
    "distil_beta_above": (rule('{"beta":1.0000000000000002}'), 422, "out_of_range", "/distillation/beta"),
    "distil_top_k_type": (rule('{"top_k":1.5}'), 400, "bad_shape", "/distillation/top_k"),
    "distil_top_k_zero": (rule('{"top_k":0}'), 422, "out_of_range", "/distillation/top_k"),
    "distil_top_k_above": (rule('{"top_k":1025}'), 422, "out_of_range", "/distillation/top_k"),
    "distil_tail_type": (rule('{"top_k":1,"tail":1}'), 400, "bad_shape", "/distillation/tail"),
    "distil_tail_unknown": (rule('{"top_k":1,"tail":"cut"}'), 422, "out_of_range", "/distillation/tail"),
    "distil_support_type": (rule('{"top_k":1,"support":true}'), 400, "bad_shape", "/distillation/support"),
    "distil_support_unknown": (rule('{"top_k":1,"support":"both"}'), 422, "out_of_range", "/distillation/support"),
    "distil_tail_without_top_k": (rule('{"tail":"drop"}'), 400, "conflicting_members", "/distillation/tail"),
    "distil_support_without_top_k": (rule('{"beta":0,"support":"teacher"}'), 400, "conflicting_members", "/distillation/support"),
    "distil_squared_type": (rule('{"temperature_squared":1}'), 400, "bad_shape", "/distillation/temperature_squared"),
    "distil_squared_temperatures": (rule('{"temperature_squared":true}').replace('[{"logits"', '[{"temperature":2,"logits"', 1), 400, "conflicting_members", "/distillation/temperature_squared"),
    "distil_in_model": ('{%s,"models":[{"logits":%s,"distillation":{}},{"logits":%s}]}' % (T4, A, B), 400, "unknown_member", "/models/0/distillation"),
    "distil_of_logprobs": (OF_ONE % (T4, '"distillation":{}', A), 422, "needs_logits", "/distillation"),
    "distil_of_sequence": ('{"sequences":[%s,{"tokens":[0,1],"distillation":{},"models":[{"logprobs":[null,-1]},{"logits":[[1,2]]}]}]}' % request(""), 422, "needs_logits", "/sequences/1/distillation"),
    "distil_default_of_sequence": ('{"distillation":{},"sequences":[%s,{"tokens":[0,1],"models":[{"logprobs":[null,-1]},{"logits":[[1,2]]}]}]}' % request(""), 422, "needs_logits", "/distillation"),
    "details_type": (request('"details":"cross_entropy"'), 400, "bad_shape", "/details"),
    "details_entry_type": (request('"details":[1]'), 400, "bad_shape", "/details/0"),
    "details_unknown": (request('"details":["cross_entropy","crossentropy"]'), 422, "out_of_range", "/details/1"),
    "details_of_score": (request('"details":["entropy"]'), 422, "out_of_range", "/details/0"),
    "details_speculative_zero": (request('"details":["speculative:0"]'), 422, "out_of_range", "/details/0"),
    "details_speculative_above": (request('"details":["speculative:65"]'), 422, "out_of_range", "/details/0"),
    "details_speculative_none": (request('"details":["speculative:"]'), 422, "out_of_range", "/details/0"),
    "details_speculative_word": (request('"details":["speculative:2x"]'), 422, "out_of_range", "/details/0"),
    "details_in_model": ('{%s,"models":[{"logits":%s,"details":["cross_entropy"]},{"logits":%s}]}' % (T4, A, B), 400, "unknown_member", "/models/0/details"),
    "details_of_logprobs": (OF_ONE % (T4, '"details":["speculative:2"]', A), 422, "needs_logits", "/details/0"),
    "taught_details": ('{%s,"details":["cross_entropy"],"models":[%s,{"logits":%s}]}' % (T4, SURE, B), 422, "needs_logits", "/details/0"),
    "taught_support": (taught('{"support":"student"}'), 400, "conflicting_members", "/distillation/support"),
    "taught_top_k": (taught('{"top_k":3}'), 422, "out_of_range", "/distillation/top_k"),
    "taught_logits": ('{%s,"models":[{"logits":%s,"top_logprobs":[null,null,null,null]},{"logits":%s}]}' % (T4, A, B), 400, "conflicting_members", "/models/0/top_logprobs"),
    "taught_logits_later": ('{%s,"models":[{"top_logprobs":[null,null,null,null],"logits":%s},{"logits":%s}]}' % (T4, A, B), 400, "conflicting_members", "/models/0/logits"),
    "taught_student": ('{%s,"distillation":{},"models":[{"logits":%s},{"logits":%s,"top_logprobs":[null,null,null,null]}]}' % (T4, A, B), 400, "conflicting_members", "/models/1/top_logprobs"),
    "taught_both": ('{%s,"distillation":{},"models":[%s,%s]}' % (T4, SURE, SURE), 400, "conflicting_members", "/models/1/top_logprobs"),
    "taught_of_logprobs": ('{%s,"distillation":{},"models":[%s,{"logprobs":[null,-1,-1,-1]}]}' % (T4, SURE), 422, "needs_logits", "/distillation"),
    "taught_alone": ('{%s,"models":[{"top_logprobs":[null,null,null,null]},{"logits":%s}]}' % (T4, B), 400, "missing_member", "/models/0/logits"),
    "taught_type": (given("{}"), 400, "bad_shape", "/models/0/top_logprobs"),
    "taught_entry_type": (given("[null,7,null,null]"), 400, "bad_shape", "/models/0/top_logprobs/1"),
    "taught_pair_type": (given("[null,[7],null,null]"), 400, "bad_shape", "/models/0/top_logprobs/1/0"),
    "taught_pair_short": (given("[null,[[7]],null,null]"), 400, "bad_shape", "/models/0/top_logprobs/1/0"),
    "taught_id_type": (given('[null,[["a",-1]],null,null]'), 400, "bad_shape", "/models/0/top_logprobs/1/0/0"),
    "taught_id_negative": (given("[null,[[-1,-1]],null,null]"), 422, "out_of_range", "/models/0/top_logprobs/1/0/0"),
    "taught_id_above": (given("[null,[[1,-1],[4,-1]],null,null]"), 422, "out_of_range", "/models/0/top_logprobs/1/1/0"),
    "taught_id_twice": (given("[null,null,[[1,-1],[2,-1],[1,-2]],null]"), 422, "out_of_range", "/models/0/top_logprobs/2/2/0"),
    "taught_number_type": (given("[null,[[1,null]],null,null]"), 400, "bad_shape", "/models/0/top_logprobs/1/0/1"),
    "taught_number_nan": (given("[null,[[1,NaN]],null,null]"), 400, "bad_json", "/models/0/top_logprobs/1/0/1"),
    "taught_number_infinite": (given("[null,[[1,1e999]],null,null]"), 422, "out_of_range", "/models/0/top_logprobs/1/0/1"),
    "taught_number_above": (given("[null,[[1,0.5]],null,null]"), 422, "out_of_range", "/models/0/top_logprobs/1/0/1"),
    "taught_order": (given("[null,[[1,-2],[2,-1]],null,null]"), 422, "out_of_range", "/models/0/top_logprobs/1/1"),
    "taught_none": (given("[null,[],null,null]"), 422, "bad_count", "/models/0/top_logprobs/1"),
    "taught_counts_differ": (given("[null,[[1,-1]],null,[[1,-1],[2,-2]]]"), 422, "bad_count", "/models/0/top_logprobs/3"),
    "taught_entries": (given("[null,[[1,-1]],null]"), 422, "bad_count", "/models/0/top_logprobs"),
}
