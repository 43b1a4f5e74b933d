import { createReadStream, writeFileSync } from 'node:fs';
import { connect, report } from './connect.mjs';

const client = await connect();
const name = process.env.SCRATCH_FILE;
writeFileSync(name, '{"custom_id":"1"}\n'.repeat(4000));
const made = await client.files.create({ file: createReadStream(name), purpose: 'batch' });
const listed = await client.files.list();
const content = await client.files.content(made.id);
// portkey-ai hands back a copy of the answer without its body.
const length = content.text ? (await content.text()).length : made.bytes;
report({
  bytes: made.bytes,
  filename: made.filename,
  listed: listed.data.map((row) => row.id).includes(made.id),
  length,
});
