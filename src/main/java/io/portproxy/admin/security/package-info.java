/** Who may do what: passwords, tokens and logins, what guards them, and the log of what was done. */
@NullMarked
package io.portproxy.admin.security;

import org.jspecify.annotations.NullMarked;
