import { connect, model, report } from './connect.mjs';

const client = await connect();
const made = await client.images.generate({ model, prompt: 'a red pixel' });
const pixel = Buffer.from(made.data[0].b64_json, 'base64');
const image = new File([pixel], 'pixel.png', { type: 'image/png' });
const edited = await client.images.edit({ model, image, prompt: 'blue' });
report({ magic: pixel.subarray(1, 4).toString(), edited: edited.data[0].revised_prompt ?? null });
