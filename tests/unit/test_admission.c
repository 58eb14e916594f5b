/* test_admission.c - promises of memory, and the queue for them. */
#include "tests/unit/suite.h"

#include "server/admission.h"
#include "server/clock.h"

#define MIB ((size_t)1 << 20)

/* ---- promises ---- */

START_TEST(a_promise_is_used_up_first)
{
    static struct budget budget = {.limit = 10 * MIB};
    struct reserve one = {.budget = &budget}, two = {.budget = &budget};

    ck_assert(!reserve_open(&one, 6 * MIB, 5 * MIB));
    ck_assert(reserve_open(&one, 6 * MIB, 10 * MIB));
    ck_assert(!reserve_open(&two, 5 * MIB, 10 * MIB));
    ck_assert(reserve_take(&one, 4 * MIB));
    ck_assert_uint_eq(atomic_load(&budget.used), 6 * MIB);
    ck_assert(reserve_take(&one, 4 * MIB)); /* two beyond it */
    ck_assert_uint_eq(atomic_load(&budget.used), 8 * MIB);
    ck_assert(!reserve_take(&one, 3 * MIB));
    ck_assert(reserve_take(&two, 2 * MIB)); /* without a promise */
    ck_assert(!reserve_take(&two, 1));
    reserve_give(&two, 2 * MIB);
    reserve_give(&one, 5 * MIB); /* is promised again */
    ck_assert_uint_eq(atomic_load(&budget.used), 8 * MIB);
    ck_assert(reserve_take(&one, 5 * MIB));
    reserve_give(&one, 5 * MIB);
    reserve_trim(&one, 1 * MIB);
    ck_assert_uint_eq(atomic_load(&budget.used), 4 * MIB);
    reserve_close(&one);
    ck_assert_uint_eq(atomic_load(&budget.used), 3 * MIB);
    reserve_give(&one, 3 * MIB);
    ck_assert_uint_eq(atomic_load(&budget.used), 0);
}
END_TEST

/* ---- the queue ---- */

struct guest {
    struct ticket ticket;
    int held, resumed;
    bool gone, slow;
};

static void hold(void *context)
{
    ((struct guest *)context)->held++;
}

static void resume(void *context)
{
    ((struct guest *)context)->resumed++;
}

static bool is_gone(void *context)
{
    return ((struct guest *)context)->gone;
}

static bool is_slow(void *context)
{
    return ((struct guest *)context)->slow;
}

static const struct ticket_owner owner = {
    .hold = hold, .resume = resume, .is_gone = is_gone, .is_slow = is_slow};

static struct budget budget;
static struct admission admission;
static struct guest guests[6];

/* A budget of 80 MiB lets 70 be reserved. */
static void begin(size_t most)
{
    budget = (struct budget){.limit = 80 * MIB};
    admission_init(&admission, &budget, most, 10 * SECOND);
    for (size_t i = 0; i < COUNT(guests); i++)
        guests[i] = (struct guest){.ticket = {.reserve = {.budget = &budget},
                                              .size = 30 * MIB,
                                              .owner = &owner,
                                              .context = &guests[i]}};
}

static enum admission_answer enter(size_t i, uint64_t now)
{
    return admission_enter(&admission, &guests[i].ticket, now);
}

static void leave(size_t i, uint64_t now)
{
    admission_leave(&admission, &guests[i].ticket, now);
}

static void end(void)
{
    for (size_t i = 0; i < COUNT(guests); i++)
        leave(i, 0);
    ck_assert_uint_eq(atomic_load(&budget.used), 0);
    ck_assert_uint_eq(admission_queued(&admission), 0);
    admission_release(&admission);
}

START_TEST(first_come_first_served)
{
    begin(3);
    ck_assert_int_eq(enter(0, 0), ADMISSION_OPEN);
    ck_assert_int_eq(enter(1, 0), ADMISSION_OPEN);
    ck_assert_int_eq(enter(2, 0), ADMISSION_QUEUED);
    guests[3].ticket.size = 1 * MIB; /* there is room, but not before those who came earlier */
    ck_assert_int_eq(enter(3, 0), ADMISSION_QUEUED);
    ck_assert_int_eq(enter(4, 0), ADMISSION_QUEUED);
    ck_assert_int_eq(enter(5, 0), ADMISSION_FULL);
    ck_assert_int_eq(guests[2].held, 1);
    ck_assert_uint_eq(admission_queued(&admission), 3);
    leave(0, 2 * SECOND);
    ck_assert_int_eq(guests[2].ticket.state, TICKET_READY);
    ck_assert_uint_eq(guests[2].ticket.waited, 2 * SECOND);
    ck_assert_int_eq(guests[3].ticket.state, TICKET_READY);
    ck_assert_int_eq(guests[4].ticket.state, TICKET_WAITING);
    leave(4, 3 * SECOND); /* it went away */
    ck_assert_int_eq(guests[4].resumed, 0);
    leave(1, 3 * SECOND);
    ck_assert_int_eq(guests[2].resumed, 1);
    end();
}
END_TEST

START_TEST(what_is_trimmed_lets_others_in)
{
    begin(3);
    enter(0, 0);
    enter(1, 0);
    enter(2, 0);
    ck_assert(reserve_take(&guests[0].ticket.reserve, 5 * MIB));
    admission_trim(&admission, &guests[0].ticket, 1 * MIB);
    ck_assert_int_eq(guests[2].ticket.state, TICKET_READY);
    reserve_give(&guests[0].ticket.reserve, 5 * MIB);
    end();
}
END_TEST

/* Who does not send keeps nobody waiting; what it takes is charged as it is taken. */
START_TEST(a_promise_is_for_those_who_send)
{
    begin(3);
    enter(0, 0);
    enter(1, 0);
    enter(2, 0);
    guests[0].slow = true;
    for (int n = 0; n < 2; n++)
        admission_sweep(&admission, SECOND, false);
    ck_assert_int_eq(guests[2].ticket.state, TICKET_WAITING);
    guests[0].slow = false; /* only for a moment */
    admission_sweep(&admission, SECOND, false);
    guests[0].slow = true;
    for (int n = 0; n < 3; n++)
        admission_sweep(&admission, SECOND, false);
    ck_assert_int_eq(guests[2].ticket.state, TICKET_READY);
    ck_assert(reserve_take(&guests[0].ticket.reserve, 5 * MIB));
    ck_assert_uint_eq(atomic_load(&budget.used), 65 * MIB);
    reserve_give(&guests[0].ticket.reserve, 5 * MIB);
    end();
}
END_TEST

START_TEST(nobody_waits_for_ever)
{
    begin(6);
    enter(0, 0);
    enter(1, 0);
    enter(2, 0);
    enter(3, 5 * SECOND);
    enter(4, 6 * SECOND);
    guests[4].gone = true;
    admission_sweep(&admission, 9 * SECOND, false);
    ck_assert_int_eq(guests[2].ticket.state, TICKET_WAITING);
    ck_assert_int_eq(guests[4].ticket.state, TICKET_LATE);
    admission_sweep(&admission, 10 * SECOND, false);
    ck_assert_int_eq(guests[2].ticket.state, TICKET_LATE);
    ck_assert_int_eq(guests[2].resumed, 1);
    ck_assert_int_eq(guests[3].ticket.state, TICKET_WAITING);
    ck_assert_uint_ge(admission_wait(&admission), 1);
    ck_assert_uint_le(admission_wait(&admission), 60);
    admission_sweep(&admission, 11 * SECOND, true);
    ck_assert_int_eq(guests[3].ticket.state, TICKET_LATE);
    end();
}
END_TEST

/* Needs grow at once and shrink slowly, within bounds; no body reserves all there is. */
START_TEST(needs_are_learned)
{
    size_t first, less;

    begin(1);
    first = admission_size(&admission, 3, MIB);
    ck_assert_uint_gt(first, 8 * MIB);
    admission_learn(&admission, 3, 2 * MIB, 40 * MIB);
    ck_assert_uint_gt(admission_size(&admission, 3, MIB), 20 * MIB);
    ck_assert_uint_eq(admission_size(&admission, 4, MIB), first); /* another kind */
    for (int n = 0; n < 500; n++) {
        less = admission_size(&admission, 3, MIB);
        admission_learn(&admission, 3, MIB, MIB);
        ck_assert_uint_le(admission_size(&admission, 3, MIB), less);
    }
    ck_assert_uint_lt(admission_size(&admission, 3, MIB), 2 * MIB);
    ck_assert_uint_gt(admission_size(&admission, 3, MIB), MIB);
    ck_assert_uint_le(admission_size(&admission, 3, UINT64_MAX), 35 * MIB);
    ck_assert_uint_eq(admission_size(&admission, 4, UINT64_MAX), 35 * MIB);
    end();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_promise_is_used_up_first,
                                  first_come_first_served,
                                  what_is_trimmed_lets_others_in,
                                  a_promise_is_for_those_who_send,
                                  nobody_waits_for_ever,
                                  needs_are_learned,
                                  NULL};

    return suite_main("admission", tests);
}
