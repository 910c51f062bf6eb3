package io.portproxy.admin.security;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;

/** What a user may do; each may also do what those before it may. */
public enum Rights {
    /** Looks. */
    VIEWER,
    /** Closes connections and disconnects remotes. */
    OPERATOR,
    /** Changes what there is. */
    ADMIN;

    private static final String PREFIX = "ROLE_";

    /** What one who has these is granted. */
    List<GrantedAuthority> authorities() {
        return AuthorityUtils.createAuthorityList(Arrays.stream(values())
                .filter(each -> each.compareTo(this) <= 0)
                .map(each -> PREFIX + each)
                .toArray(String[]::new));
    }

    /** Whether a user has them. */
    boolean has(@Nullable Authentication who) {
        return who != null
                && who.getAuthorities().stream()
                        .anyMatch(authority -> (PREFIX + this).equals(authority.getAuthority()));
    }

    /** Those of a user. */
    public static Rights of(Authentication who) {
        return ADMIN.has(who) ? ADMIN : OPERATOR.has(who) ? OPERATOR : VIEWER;
    }

    /** As JSON has it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
