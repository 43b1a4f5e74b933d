import { connect, model, report } from './connect.mjs';

const client = await connect();
const answer = await client.embeddings.create({ model, input: ['a', 'bcd'] });
report({ vectors: answer.data.map((row) => Array.from(row.embedding)), count: answer.data.length });
