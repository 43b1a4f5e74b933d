import { connect, hello, model, report, weather } from './connect.mjs';

const client = await connect();
const first = await client.chat.completions.create({ model, messages: hello, tools: [weather] });
const message = first.choices[0].message;
const call = message.tool_calls[0];
const result = { role: 'tool', tool_call_id: call.id, content: 'sunny' };
const messages = [...hello, { role: 'assistant', content: null, tool_calls: message.tool_calls }, result];
const second = await client.chat.completions.create({ model, messages, tools: [weather] });

const stream = await client.chat.completions.create({
  model,
  messages: hello,
  tools: [weather],
  stream: true,
});
let streamed = '';
for await (const chunk of stream) {
  streamed += chunk.choices[0]?.delta?.tool_calls?.[0]?.function?.arguments ?? '';
}
report({
  name: call.function.name,
  city: JSON.parse(call.function.arguments).city,
  reason: first.choices[0].finish_reason,
  final: second.choices[0].message.content,
  streamed_city: JSON.parse(streamed).city,
});
