// The result of a walk for an issue or a chat: what was answered, what follows, and the address.

/** @param {Node | string | null | undefined} text */
const markdownOf = (text) => {
  const plain = typeof text === "string" ? text : (text?.textContent ?? "");
  return plain.trim().replace(/[\\`*_[\]<>#]/g, "\\$&");
};

/**
 * A benefit or risk of the outcome, with when it applies.
 * @param {Element} item
 */
const weighedItem = (item) => {
  const condition = $(".if:not([hidden])", item);
  return `- ${markdownOf($("p", item))}${condition ? ` (${markdownOf(condition)})` : ""}`;
};

/**
 * @param {HTMLElement} page the outcome
 * @param {string} title of the decision
 * @param {Step[]} steps
 * @param {string} url
 */
const resultAsMarkdown = (page, title, steps, url) => {
  const verdict = $(".result .verdict", page);
  const outcome = markdownOf($("h1", page));
  const answers = steps.map(
    ({ question, answer }) => `- ${markdownOf(question.title)} **${markdownOf(answer.label)}**`,
  );
  const blocks = [
    `# ${markdownOf(title)}`,
    `**${verdict ? markdownOf(verdict) + ": " : ""}${outcome}**`,
    markdownOf($(".lead", page)),
    `## ${say(words.markdown_answers)}`,
    answers.join("\n"),
  ];
  for (const box of $$(".weigh .box", page)) {
    const items = [...the(".items", box).children];
    if (items.length > 0) blocks.push(`## ${markdownOf($("h3", box))}`, items.map(weighedItem).join("\n"));
  }
  blocks.push(`<${url}>`);
  return blocks.filter((block) => block !== "").join("\n\n") + "\n";
};
