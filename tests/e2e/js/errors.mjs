import { connect, hello, report } from './connect.mjs';

const client = await connect();

// portkey-ai makes the whole body the message; openai reads the members.
function codeOf(error) {
  return error.code ?? JSON.parse(error.message).error.code;
}

for (const status of process.env.STATUSES.split(',')) {
  try {
    await client.chat.completions.create({ model: `error-${status}`, messages: hello });
    report({ status, thrown: null });
  } catch (error) {
    report({
      status: error.status,
      thrown: error.constructor.name,
      message: error.message,
      code: codeOf(error),
    });
  }
}
