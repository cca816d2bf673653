/** A class with TypeORM's `@Entity()`. */
export type EntityClass = new () => object;

/**
 * Which entities exist, listed explicitly by whoever puts the program together; the class is the injection token.
 * `control` lives in the schema `public`, `tenant` in each tenant's schema.
 */
export class DatabaseEntities {
  constructor(
    readonly control: readonly EntityClass[],
    readonly tenant: readonly EntityClass[],
  ) {}
}
