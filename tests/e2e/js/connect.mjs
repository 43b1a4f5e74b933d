// What every script needs: the client that CLIENT names, pointed at the gateway, and `report`.
import { File } from 'node:buffer';

globalThis.File ??= File; // Node 18 has it, but not as a global.

const { GATEWAY_URL, GATEWAY_KEY, PROVIDER, PROVIDER_KEY, CLIENT } = process.env;

export async function connect() {
  if (CLIENT === 'portkey-ai') {
    const { Portkey } = await import('portkey-ai');
    return new Portkey({
      apiKey: GATEWAY_KEY,
      baseURL: `${GATEWAY_URL}/v1`,
      provider: PROVIDER,
      Authorization: `Bearer ${PROVIDER_KEY}`,
    });
  }
  const { default: OpenAI } = await import('openai');
  return new OpenAI({
    apiKey: PROVIDER_KEY,
    baseURL: `${GATEWAY_URL}/v1`,
    maxRetries: 0,
    defaultHeaders: { 'x-portkey-api-key': GATEWAY_KEY, 'x-portkey-provider': PROVIDER },
  });
}

export const model = process.env.MODEL;
export const hello = [{ role: 'user', content: 'Grüezi 世界 🌍' }];
export const weather = {
  type: 'function',
  function: {
    name: 'weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

export function report(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
