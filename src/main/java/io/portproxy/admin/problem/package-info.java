/** The form of every error answer (RFC 9457), from a controller and from the web server. */
@NullMarked
package io.portproxy.admin.problem;

import org.jspecify.annotations.NullMarked;
