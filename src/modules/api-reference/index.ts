/**
 * The description of the HTTP interface, for people and generators. It owns where the document is served; what stands
 * in it comes from the routes, and the file is made when the server is built.
 */
export { ApiReferenceModule } from './api-reference.module.js';
