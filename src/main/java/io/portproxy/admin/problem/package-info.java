/** What every error answer looks like (RFC 9457), from a controller as from the web server. */
@NullMarked
package io.portproxy.admin.problem;

import org.jspecify.annotations.NullMarked;
