// What an import of serialized messages gives: their bytes, which the bundler embeds.
declare module "*.binpb" {
  const bytes: Uint8Array;
  export default bytes;
}
