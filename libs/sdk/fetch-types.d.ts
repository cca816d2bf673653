// The generated client uses this name of the DOM library, which Node's types lack. A browser project has its own: it compiles
// index.ts and never sees this file.
type BodyInit = NonNullable<RequestInit['body']>;
