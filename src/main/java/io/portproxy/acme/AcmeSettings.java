package io.portproxy.acme;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * The settings for certificates by ACME.
 *
 * @param account where and by whom certificates are ordered
 * @param validation how the authority is shown that a name is ours
 * @param names the names that always need certificates, checked by {@link HostNames}
 * @param maxNames the largest number of names that get certificates
 * @param folder the folder for the files of all authorities
 * @param timing when certificates are ordered
 */
public record AcmeSettings(
        Account account, Validation validation, Set<String> names, int maxNames, Path folder, Timing timing) {
    public AcmeSettings {
        names = Set.copyOf(names);
    }

    /**
     * Where and by whom certificates are ordered.
     *
     * @param directory the URL of the authority's directory (RFC 8555, section 7.1.1)
     * @param trust the certificates to trust at the authority's web server; empty for those that Java trusts. It is called for each new
     *     session
     * @param email the address at which the authority may contact the operator; empty for none
     */
    public record Account(URI directory, Optional<Supplier<SSLContext>> trust, Optional<String> email) {}

    /**
     * How the authority is shown that a name is ours.
     *
     * @param challenges the challenges in the order of preference; after a failed attempt, the next attempt uses the next one. Not empty
     * @param httpBind where http-01 is answered while a challenge is open; empty if another server answers it
     */
    public record Validation(List<ChallengeType> challenges, Optional<InetSocketAddress> httpBind) {
        /** Copies the list and checks that there is a challenge. */
        public Validation {
            challenges = List.copyOf(challenges);
            if (challenges.isEmpty()) {
                throw new IllegalArgumentException("there must be a challenge");
            }
        }

        /** Returns the challenge to try after a number of failures. */
        ChallengeType after(int failures) {
            return challenges.get(failures % challenges.size());
        }
    }

    /**
     * When certificates are ordered.
     *
     * @param retryInitial the pause after the first failure
     * @param retryMax the longest pause
     * @param renewAfterPercent the part of a certificate's lifetime after which it is renewed, in percent, if the authority suggests no
     *     time
     * @param maxOrdersPerHour the largest number of orders in an hour, for all names together
     */
    public record Timing(Duration retryInitial, Duration retryMax, int renewAfterPercent, int maxOrdersPerHour) {}

    /**
     * Returns the folder of this authority. Each authority has its own, because another one cannot use an account or certificates from it.
     */
    Path authorityFolder() {
        return authorityFolder(account.directory(), folder);
    }

    static Path authorityFolder(URI directory, Path folder) {
        String where = directory.getRawAuthority() + directory.getRawPath();
        return folder.resolve(where.replaceAll("[^A-Za-z0-9.-]+", "_").replaceAll("^[._]+|_+$", ""));
    }
}
