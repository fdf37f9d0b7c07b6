// The answers of a reader, in the address by ids: #question=answer&question=~ (~ is "not sure").

/** The id of the answer "not sure". */
const NOT_SURE = "~";

/** @typedef {[question: string, answer: string]} Pair what an address says of a question */

/**
 * @typedef {object} DecisionAnswer
 * @property {string} id
 * @property {string} label
 * @property {string} to the node that it leads to
 * @property {string[]} [terms]
 * @property {string[]} [aliases] earlier ids
 */

/**
 * A question, or an outcome, which has no answers.
 * @typedef {object} DecisionNode
 * @property {string} title
 * @property {string} url
 * @property {string[]} [terms]
 * @property {DecisionAnswer[]} [answers]
 * @property {{ to: string, terms?: string[] }} [unsure] where "not sure" leads
 */

/**
 * The JSON file of a decision, as src/render/decision_json.rs writes it.
 * @typedef {object} Decision
 * @property {string} title
 * @property {string} start
 * @property {Record<string, DecisionNode>} nodes
 * @property {Record<string, { title: string, kind: string, url: string, look: string }>} terms
 */

/** @typedef {{ id: string, question: DecisionNode, answer: DecisionAnswer }} Step a question, answered */

/** @param {string} text */
const decode = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The answers that the address holds. */
const readAddress = () => {
  const pairs = location.hash
    .slice(1)
    .split("&")
    .map((pair) => pair.split("=").map(decode));
  return pairs.flatMap(([question, answer]) => (answer ? [/** @type {Pair} */ ([question, answer])] : []));
};

/** @param {Pair[]} pairs */
const fragmentOf = (pairs) => pairs.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");

/**
 * @param {Step[]} steps
 * @returns {Pair[]}
 */
const pairsOf = (steps) => steps.map(({ id, answer }) => [id, answer.id]);

/**
 * @param {DecisionNode} question
 * @param {string} id which may be an alias
 * @returns {DecisionAnswer | undefined}
 */
const answerOf = ({ answers = [], unsure }, id) => {
  if (id === NOT_SURE) return unsure && { id, label: say(words.not_sure), ...unsure };
  return answers.find((answer) => answer.id === id) ?? answers.find(({ aliases }) => aliases?.includes(id));
};

/**
 * The valid beginning of the answers, from the first question that they name, and the node that it leads to.
 * @param {Decision} decision
 * @param {Pair[]} pairs
 * @param {string} here the node of this page, at which a path ends
 */
const follow = (decision, pairs, here) => {
  /** @type {Step[]} */
  const steps = [];
  let at = pairs[0]?.[0];
  for (const [id, answerId] of pairs) {
    if (id !== at || id === here || !Object.hasOwn(decision.nodes, id)) break;
    const question = decision.nodes[id];
    const answer = answerOf(question, answerId);
    if (!answer) break;
    steps.push({ id, question, answer });
    at = answer.to;
  }
  return { steps, end: steps.length > 0 ? at : here };
};

/**
 * The terms that a path met, each with the step that first brought it in.
 * @param {Step[]} steps
 */
const termsMet = (steps) => {
  /** @type {Map<string, Step>} */
  const met = new Map();
  for (const step of steps) {
    for (const term of [...(step.question.terms ?? []), ...(step.answer.terms ?? [])]) {
      if (!met.has(term)) met.set(term, step);
    }
  }
  return met;
};
