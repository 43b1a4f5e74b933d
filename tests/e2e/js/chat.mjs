import { connect, hello, model, report } from './connect.mjs';

const client = await connect();
const answer = await client.chat.completions.create({ model, messages: hello });
report({
  content: answer.choices[0].message.content,
  finish_reason: answer.choices[0].finish_reason,
  total_tokens: answer.usage.total_tokens,
});
