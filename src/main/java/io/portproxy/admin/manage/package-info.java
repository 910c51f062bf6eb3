/** The part of the REST API that changes remotes, their ports and tokens, gateways, and the users of the API. */
@NullMarked
package io.portproxy.admin.manage;

import org.jspecify.annotations.NullMarked;
