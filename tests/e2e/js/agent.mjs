// An agent's loop over the chat protocol: it streams, runs every tool that it is asked for, and
// comes back with the results until there is an answer.
import { connect, model, report, weather } from './connect.mjs';

const client = await connect();
const messages = [{ role: 'user', content: 'What is the weather in Bern and in Basel?' }];
const asked = [];
let usage;
for (let turn = 0; turn < 3; turn += 1) {
  const stream = client.chat.completions.stream({
    model,
    messages,
    tools: [weather],
    stream_options: { include_usage: true },
  });
  const completion = await stream.finalChatCompletion();
  const { message, finish_reason: reason } = completion.choices[0];
  usage = completion.usage.total_tokens;
  messages.push(message);
  if (reason !== 'tool_calls') {
    report({ turns: turn + 1, asked, final: message.content, reason, usage });
    break;
  }
  for (const call of message.tool_calls) {
    asked.push(JSON.parse(call.function.arguments).city);
    messages.push({ role: 'tool', tool_call_id: call.id, content: 'sunny' });
  }
}
