package io.portproxy.admin.security;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;

/** The role of a user. Each role includes the rights of the roles before it. */
public enum Rights {
    /** May read. */
    VIEWER,
    /** May also close connections and disconnect remotes. */
    OPERATOR,
    /** May change everything. */
    ADMIN;

    /** Paths that other roles may not even read: secrets, and the rights of users. */
    static final String[] FOR_ADMINS_ALONE = {
        "/api/v1/config/export", "/api/v1/config/export.yml", "/api/v1/users/**", "/api/v1/api-tokens/**"
    };

    private static final String PREFIX = "ROLE_";

    /** Returns the Spring Security authorities of this role. */
    List<GrantedAuthority> authorities() {
        return AuthorityUtils.createAuthorityList(Arrays.stream(values())
                .filter(each -> each.compareTo(this) <= 0)
                .map(each -> PREFIX + each)
                .toArray(String[]::new));
    }

    /** Returns whether a user has this role. */
    boolean has(@Nullable Authentication who) {
        return who != null
                && who.getAuthorities().stream()
                        .anyMatch(authority -> (PREFIX + this).equals(authority.getAuthority()));
    }

    /** Returns the role of a user. */
    public static Rights of(Authentication who) {
        return ADMIN.has(who) ? ADMIN : OPERATOR.has(who) ? OPERATOR : VIEWER;
    }

    /** Returns the role with a key; empty if there is none. */
    public static Optional<Rights> find(String key) {
        return Arrays.stream(values())
                .filter(rights -> rights.key().equals(key))
                .findFirst();
    }

    /** Returns the role with a key from the store. An unknown key gives {@link #VIEWER}. */
    static Rights ofKept(String key) {
        return find(key).orElse(VIEWER);
    }

    /** Returns whether only an admin may read a path of the API. */
    public static boolean isForAdminsAlone(String path) {
        return Arrays.stream(FOR_ADMINS_ALONE)
                .map(pattern -> pattern.replace("/**", ""))
                .anyMatch(start -> path.equals(start) || path.startsWith(start + "/"));
    }

    /** Returns the name in JSON. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
