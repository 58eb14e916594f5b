/* Rank: the calibration computed anew, ties, many choices, labels that look like markup. */
import { near, ok, same, until } from "../harness.mjs";
import { alert, goTo } from "../steps.mjs";

const panel = (page) => page.getByRole("tabpanel");
const plots = (page) => panel(page).getByRole("img").evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));

async function rank({ page }, request) {
  await goTo(page, "Rank");
  await panel(page).getByRole("textbox").first().fill(JSON.stringify(request));
  const button = page.getByRole("button", { name: "Rank", exact: true });
  await button.click();
  await until(async () => (await button.getAttribute("aria-busy")) === null, "there is a result");
  same(await alert(page).count(), 0, "errors");
}

/* Of 240 questions, each with 2 to 4 choices: numbers that follow from its place. */
function quiz() {
  return Array.from({ length: 240 }, (_, q) => ({
    id: `q${q}`, gold: (q * 7) % (2 + (q % 3)),
    choices: Array.from({ length: 2 + (q % 3) }, (_, i) => ({ text: ` c${i}`, logprobs: [-(((q * 31 + i * 57) % 89) + 1) / 30] })),
  }));
}

/* [confidence, whether it is right] of each question. */
function outcomes(questions) {
  return questions.map(({ gold, choices }) => {
    const sizes = choices.map(({ logprobs }) => Math.exp(logprobs[0]));
    const best = sizes.indexOf(Math.max(...sizes));
    return [sizes[best] / sizes.reduce((sum, x) => sum + x), best === gold];
  });
}

async function calibration(visit) {
  const questions = quiz();
  await rank(visit, { questions, calibration: { bins: 8 } });
  const bins = Array.from({ length: 8 }, () => []);
  for (const one of outcomes(questions)) bins[Math.min(Math.ceil(one[0] * 8) - 1, 7)].push(one);
  const known = bins.filter((bin) => bin.length > 0).map((bin) => [bin.reduce((sum, [p]) => sum + p, 0) / bin.length, bin.filter(([, right]) => right).length / bin.length, bin.length]);
  const told = (await plots(visit.page)).find((name) => /^Reliability diagram/.test(name));
  const shown = [...told.matchAll(/confidence ([\d.e-]+), right ([\d.e-]+), (\d+) question/g)].map((one) => one.slice(1).map(Number));
  same(shown.map((bin) => bin[2]), known.map((bin) => bin[2]), "questions in the bins");
  known.forEach(([confidence, right], i) => {
    near(shown[i][0], confidence, `confidence of bin ${i}`, 0.005);
    near(shown[i][1], right, `share of right ones in bin ${i}`, 0.005);
  });
  const ece = known.reduce((sum, [confidence, right, n]) => sum + (n * Math.abs(confidence - right)) / questions.length, 0);
  ok((await visit.page.getByRole("region", { name: "Calibration" }).innerText()).includes(String(Number(ece.toPrecision(4)))), `the ECE is ${ece}`);
}

async function ties(visit) {
  await rank(visit, { choices: [{ text: " a", logprobs: [-1] }, { text: " b", logprobs: [-1] }, { text: " c", logprobs: [-2] }] });
  const [sum] = (await plots(visit.page)).filter((name) => /^Sum/.test(name));
  ok(/a: [^;]*best; b: [^;]*tie; c: [^;]*$/.test(sum) && !/c: .*tie/.test(sum), `a tie is told: ${sum}`);
}

/* The best of many choices are drawn, and those that are right, however far down. */
async function many(visit) {
  const choices = Array.from({ length: 300 }, (_, i) => ({ text: ` n${i}`, logprobs: [-1 - i / 50] }));
  await rank(visit, { gold: 299, choices });
  const [sum] = (await plots(visit.page)).filter((name) => /^Sum/.test(name));
  ok(/n0: [^;]*best/.test(sum) && /n299: [^;]*gold/.test(sum), "the best and the right one are drawn");
  ok(sum.split(";").length < 60, "not all are");
}

async function markup(visit) {
  await rank(visit, { questions: [{ id: "<img src=x onerror=alert(1)>", choices: [{ text: "<b>bold</b>", logprobs: [-1] }, { text: "<script>", logprobs: [-2] }] }] });
  ok((await panel(visit.page).innerText()).includes("<img src=x"), "a label is shown as it is");
  same(await panel(visit.page).locator("img, b, script").count(), 0, "elements made of labels");
}

const WIDE = { width: 1280, height: 1000 };

export const CASES = [["the calibration of a ranking", WIDE, calibration], ["ties of a ranking", WIDE, ties], ["many choices", WIDE, many], ["labels that look like markup", WIDE, markup]];
