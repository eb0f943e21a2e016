/** The permission that every list of this extension needs, as Cloudflare's dashboard writes it. */
export const requiredPermission = 'Access: Organizations, Identity Providers, and Groups Read';
