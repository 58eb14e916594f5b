/* The examples of the page: real numbers of a small model (stories260K), as requests and as engines answer. */
import { getText } from "./api.js";

/** [file, title], in the order of the select. */
export const EXAMPLES = [
  ["story.json", "A story: prompt and completion, with logits"],
  ["worked.json", "log P(y|x) = -0.7 + -0.4"],
  ["turns.json", "A story told in turns, with a mask"],
  ["unicode.json", "Letters and signs cut into bytes"],
  ["choices.json", "Three completions of one prompt"],
  ["completions.json", "OpenAI completions, with echo"],
  ["chat.json", "OpenAI chat completions, with top_logprobs"],
  ["stream.txt", "A stream of chat completions"],
  ["vllm.json", "vLLM, with prompt_logprobs"],
  ["llamacpp.json", "llama.cpp server, with n_probs"],
];

/** The text of an example. */
export function example(name) {
  return getText(`/web/examples/${name}`);
}
