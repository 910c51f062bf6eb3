/** What binding the properties finds wrong: values of another type, gaps in lists, and keys that do not exist. */
@NullMarked
package io.portproxy.config.bind;

import org.jspecify.annotations.NullMarked;
