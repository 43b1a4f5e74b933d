// The same loop over the Messages protocol, with its own SDK.
import Anthropic from '@anthropic-ai/sdk';
import { model, report } from './connect.mjs';

const { GATEWAY_URL, GATEWAY_KEY, PROVIDER, PROVIDER_KEY } = process.env;
const client = new Anthropic({
  apiKey: PROVIDER_KEY,
  baseURL: GATEWAY_URL,
  maxRetries: 0,
  defaultHeaders: { 'x-portkey-api-key': GATEWAY_KEY, 'x-portkey-provider': PROVIDER },
});
const tools = [
  {
    name: 'weather',
    description: 'The weather in a city',
    input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
];
const messages = [{ role: 'user', content: 'What is the weather in Bern and in Basel?' }];
const asked = [];
for (let turn = 0; turn < 3; turn += 1) {
  const stream = client.messages.stream({ model, max_tokens: 200, messages, tools });
  const message = await stream.finalMessage();
  messages.push({ role: 'assistant', content: message.content });
  if (message.stop_reason !== 'tool_use') {
    const final = message.content.map((block) => block.text ?? '').join('');
    const usage = message.usage.input_tokens + message.usage.output_tokens;
    report({ turns: turn + 1, asked, final, reason: message.stop_reason, usage });
    break;
  }
  const results = [];
  for (const block of message.content) {
    if (block.type !== 'tool_use') continue;
    asked.push(block.input.city);
    results.push({ type: 'tool_result', tool_use_id: block.id, content: 'sunny' });
  }
  messages.push({ role: 'user', content: results });
}
