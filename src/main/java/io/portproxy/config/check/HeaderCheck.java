package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.HttpProperties;
import io.portproxy.config.properties.Secret;
import io.portproxy.http.FieldRules;
import io.portproxy.http.HeaderRules;
import io.portproxy.net.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Checks the rules for header fields, and turns them into settings. */
final class HeaderCheck {
    private static final int MOST = 50;
    private static final int LONGEST = 4096;
    private static final Duration LONGEST_AGE = Duration.ofDays(1000);
    private static final Duration LEAST_PRELOADED = Duration.ofDays(365);

    private final Problems problems;
    private final Place place;

    /** @param place the place of the host or port in the configuration */
    HeaderCheck(Problems problems, Place place) {
        this.problems = problems;
        this.place = place;
    }

    /** Returns the rules, without the entries that have a problem. */
    HeaderRules run(HttpProperties.@Nullable Headers headers, HttpProperties.@Nullable Hsts hsts) {
        Place at = place.key("headers");
        FieldRules request = headers == null ? FieldRules.NONE : fields(at.key("request"), headers.request(), false);
        FieldRules response =
                headers == null ? FieldRules.NONE : fields(at.key("response"), headers.response(), hsts != null);
        return new HeaderRules(request, response, Optional.ofNullable(hsts).map(this::value));
    }

    private FieldRules fields(Place at, HttpProperties.@Nullable Fields fields, boolean hsts) {
        if (fields == null) {
            return FieldRules.NONE;
        }
        most(at.key("set"), fields.set().size());
        most(at.key("remove"), fields.remove().size());
        Map<String, String> set = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        fields.set().forEach((name, value) -> {
            Place there = at.key("set").key(name);
            if (isName(there, name, hsts) && isValue(there, value) && set.put(name, value) != null) {
                problems.add(there, null, "is there twice", "write each field once, in upper or lower case");
            }
        });
        List<String> remove = new ArrayList<>();
        for (int i = 0; i < fields.remove().size(); i++) {
            String name = fields.remove().get(i);
            Place there = at.key("remove").entry(i);
            if (isName(there, name, hsts)) {
                remove.add(name);
            }
            if (set.containsKey(name)) {
                problems.add(there, name, "is set, too", "remove one of the two: what is set replaces what there was");
            }
        }
        return FieldRules.of(set, remove);
    }

    private void most(Place at, int count) {
        if (count > MOST) {
            problems.add(at, count + " fields", "is too long", "write up to " + MOST);
        }
    }

    private boolean isName(Place at, String name, boolean hsts) {
        try {
            FieldRules.requireName(name);
            if (!hsts || !name.toLowerCase(Locale.ROOT).equals(HeaderRules.HSTS.toLowerCase(Locale.ROOT))) {
                return true;
            }
            problems.add(at, name, "is what hsts says", "remove one of the two");
        } catch (IllegalArgumentException e) {
            problems.add(
                    at,
                    name,
                    String.valueOf(e.getMessage()),
                    "write another field, such as X-Frame-Options, or remove it");
        }
        return false;
    }

    private boolean isValue(Place at, String value) {
        if (value.equals(Secret.HIDDEN)) {
            problems.add(at, null, "stands for a value that is not shown, and there was none", "write the value");
            return false;
        }
        try {
            FieldRules.requireValue(value);
            if (value.length() <= LONGEST) {
                return true;
            }
            problems.add(at, value.length() + " characters", "is too long", "write up to " + LONGEST + " characters");
        } catch (IllegalArgumentException e) {
            problems.add(at, null, String.valueOf(e.getMessage()), "write it on one line of printable ASCII");
        }
        return false;
    }

    private String value(HttpProperties.Hsts hsts) {
        Place at = place.key("hsts");
        Duration age = hsts.maxAge();
        if (age.isNegative() || age.compareTo(LONGEST_AGE) > 0) {
            problems.add(at.key("max-age"), Durations.text(age), "is out of range", "write 0s to 1000d");
        }
        if (hsts.preload() && (!hsts.includeSubdomains() || age.compareTo(LEAST_PRELOADED) < 0)) {
            problems.add(
                    at.key("preload"),
                    true,
                    "is for hosts with include-subdomains and a max-age of a year: no list takes others",
                    "write include-subdomains: true and max-age: 365d beside it, or remove it");
        }
        return "max-age=" + age.toSeconds() + (hsts.includeSubdomains() ? "; includeSubDomains" : "")
                + (hsts.preload() ? "; preload" : "");
    }
}
