// The same loop over the Responses protocol.
import { connect, model, report } from './connect.mjs';

const client = await connect();
const tools = [
  {
    type: 'function',
    name: 'weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    strict: false,
  },
];
const input = [{ role: 'user', content: 'What is the weather in Bern and in Basel?' }];
const asked = [];
for (let turn = 0; turn < 3; turn += 1) {
  const stream = client.responses.stream({ model, input, tools });
  const response = await stream.finalResponse();
  const calls = response.output.filter((item) => item.type === 'function_call');
  if (calls.length === 0) {
    const { output_text: final, status: reason } = response;
    report({ turns: turn + 1, asked, final, reason, usage: response.usage.total_tokens });
    break;
  }
  input.push(...response.output);
  for (const call of calls) {
    asked.push(JSON.parse(call.arguments).city);
    input.push({ type: 'function_call_output', call_id: call.call_id, output: 'sunny' });
  }
}
