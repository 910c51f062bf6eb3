/** The part of the REST API by which remotes, their ports and tokens are changed. */
@NullMarked
package io.portproxy.admin.manage;

import org.jspecify.annotations.NullMarked;
