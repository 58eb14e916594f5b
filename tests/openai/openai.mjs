// openai.mjs URL - the official client of OpenAI's interface drives /v1/completions and /v1/models.
// Its base_url and the member `logits` are all that differs.  Prints check's summary line.
import OpenAI from 'openai';

const client = new OpenAI({baseURL: `${process.argv[2]}/v1`, apiKey: 'EMPTY', maxRetries: 0});
let checks = 0, failures = 0;

function check(good, what, evidence) {
  checks++;
  if (good) return;
  failures++;
  console.log(`openai: ${what}: ${JSON.stringify(evidence)}`);
}

// log softmax, from its definition
function logProb(row, id) {
  const best = Math.max(...row);
  return row[id] - best - Math.log(row.reduce((sum, x) => sum + Math.exp(x - best), 0));
}

const near = (a, b) => Math.abs(a - b) <= 1e-12 * Math.abs(b);
const rows = [[0.5, -1, 2, 0.25], [1, 3, -0.5, 0], [-2, 0.125, 0, 4], [0.5, 7, 6.5, -1]];
const prompt = [0, 2, 1, 3];
const asked = {model: 'gpt-3.5-turbo-instruct', prompt, echo: true, max_tokens: 1, logprobs: 2, temperature: 0};
const float32 = {dtype: 'f32', shape: [4, 4],
  data: Buffer.from(new Float32Array(rows.flat()).buffer).toString('base64')};

async function completions() {
  const answer = await client.completions.create({...asked, logits: rows});
  const {tokens, token_logprobs, top_logprobs, text_offset} = answer.choices[0].logprobs;
  check(answer.object === 'text_completion' && answer.model === asked.model && answer.id.startsWith('cmpl-'), 'head', answer);
  check(Math.abs(answer.created - Date.now() / 1000) < 60, 'created', answer.created);
  check(answer.choices.length === 1 && answer.choices[0].finish_reason === 'length', 'choices', answer.choices);
  check(tokens.join() === [...prompt, 1].map(id => `token_id:${id}`).join(), 'tokens', tokens);
  check(token_logprobs[0] === null && top_logprobs[0] === null, 'the first token', token_logprobs);
  for (let t = 1; t < tokens.length; t++) {
    const id = t < prompt.length ? prompt[t] : 1, top = top_logprobs[t];
    check(near(token_logprobs[t], logProb(rows[t - 1], id)), `token ${t}`, token_logprobs[t]);
    check(top[tokens[t]] === token_logprobs[t], `the token ${t} among the best`, top);
    check(Object.entries(top).every(([name, value]) => near(value, logProb(rows[t - 1], name.split(':')[1]))), `best of ${t}`, top);
    check([2, 3].includes(Object.keys(top).length), `how many best of ${t}`, top);
  }
  const {text} = answer.choices[0];
  check(tokens.every((token, t) => text.slice(text_offset[t], text_offset[t + 1]) === token), 'text_offset', text_offset);
  check(answer.usage.prompt_tokens === 4 && answer.usage.completion_tokens === 1 && answer.usage.total_tokens === 5, 'usage', answer.usage);
  const encoded = await client.completions.create({...asked, logits: float32});
  check(JSON.stringify(encoded.choices) === JSON.stringify(answer.choices), 'encoded logits', encoded);
}

async function batches() {
  const answer = await client.completions.create({...asked, prompt: [prompt, [1, 1]], max_tokens: 0, logits: [float32, rows.slice(0, 1)]});
  check(answer.choices.map(c => c.index).join() === '0,1', 'index', answer.choices);
  check(near(answer.choices[1].logprobs.token_logprobs[1], logProb(rows[0], 1)), 'the second prompt', answer.choices[1]);
  check(answer.choices.map(c => c.logprobs.tokens.length).join() === '4,2', 'max_tokens 0', answer.choices);
}

async function refuses(what, status, kind, param, request) {
  try {
    await client.completions.create(request);
    check(false, `${what} was answered`);
  } catch (error) {
    check(error instanceof kind && error.status === status && error.param === param
      && error.type === 'invalid_request_error' && typeof error.code === 'string' && error.message.includes(param), what, {...error});
  }
}

async function errors() {
  const {BadRequestError, UnprocessableEntityError} = OpenAI;
  await refuses('a text', 400, BadRequestError, 'prompt', {...asked, prompt: 'Say this is a test', logits: rows});
  await refuses('many tokens', 400, BadRequestError, 'max_tokens', {...asked, max_tokens: 16, logits: rows});
  await refuses('two choices', 400, BadRequestError, 'n', {...asked, n: 2, logits: rows});
  await refuses('a stream', 400, BadRequestError, 'stream', {...asked, stream: true, logits: rows});
  await refuses('no logits', 400, BadRequestError, 'logits', asked);
  await refuses('too few rows', 422, UnprocessableEntityError, 'logits', {...asked, logits: rows.slice(0, 3)});
  await refuses('a large id', 422, UnprocessableEntityError, 'prompt', {...asked, prompt: [0, 4, 1, 3], logits: rows});
}

async function models() {
  const names = [];
  for await (const model of client.models.list()) names.push(model.id);
  check(names.join() === 'logitd', 'models', names);
}

for (const test of [completions, batches, errors, models]) await test();
console.log(`${Math.floor(100 * (checks - failures) / checks)}%: Checks: ${checks}, Failures: ${failures}, Errors: 0`);
process.exit(failures > 0 ? 1 : 0);
