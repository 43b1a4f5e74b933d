// Leaves a stream after its first chunk, as an application does whose user closes the window.
import { connect, hello, model, report } from './connect.mjs';

const client = await connect();
const stream = await client.chat.completions.create({ model, messages: hello, stream: true });
for await (const chunk of stream) {
  report({ first: chunk.choices[0].delta.content ?? '' });
  break;
}
