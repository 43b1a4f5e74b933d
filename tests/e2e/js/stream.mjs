import { connect, hello, model, report } from './connect.mjs';

const client = await connect();
const stream = await client.chat.completions.create({
  model,
  messages: hello,
  stream: true,
  stream_options: { include_usage: true },
});
let content = '';
let total = null;
let chunks = 0;
for await (const chunk of stream) {
  chunks += 1;
  content += chunk.choices[0]?.delta?.content ?? '';
  total = chunk.usage?.total_tokens ?? total;
}
report({ content, chunks, total_tokens: total });
