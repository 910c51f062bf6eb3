/**
 * The sources of properties besides Spring Boot's own: commands and files of the older program. Also checks YAML files before
 * Spring Boot reads them.
 */
@NullMarked
package io.portproxy.config.source;

import org.jspecify.annotations.NullMarked;
