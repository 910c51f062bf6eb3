/** Access control: passwords, tokens and logins, their protection, and the audit log. */
@NullMarked
package io.portproxy.admin.security;

import org.jspecify.annotations.NullMarked;
