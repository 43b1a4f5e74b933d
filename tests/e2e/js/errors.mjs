import { connect, hello, report } from './connect.mjs';

const client = await connect();
for (const status of process.env.STATUSES.split(',')) {
  try {
    await client.chat.completions.create({ model: `error-${status}`, messages: hello });
    report({ status, thrown: null });
  } catch (error) {
    report({
      status: error.status,
      thrown: error.constructor.name,
      message: error.message,
      code: error.code ?? null,
    });
  }
}
