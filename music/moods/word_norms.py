"""Say how pleasant and how stirring the words are by which people call the mood of music.

Means of ratings from 1 to 9, from Warriner, Kuperman and Brysbaert, "Norms of valence, arousal, and dominance for
13,915 English lemmas" (Behavior Research Methods 45, 2013). Chosen are words that are tags of music and say its mood,
not what somebody thinks of it; "melancholic" stands with the values of "melancholy".
"""

_TABLE = """
    aggressive 3.08 5.87, amiable 6.7 2.85, anger 2.5 5.93, angry 2.53 6.2, angst 3.5 5.76,
    anguished 2.78 4.79, anxious 3.8 6.2, atmospheric 5.72 4.09, bitter 3.63 4.64, bittersweet 5.09 4.21,
    bleak 3.96 3.18, bright 6.84 5, brooding 3.29 4, calm 6.89 1.67, carefree 7.32 4.15,
    chaotic 4.55 6.14, cheerful 8 5.76, chill 5.16 3.25, confident 7.56 4.62, cynical 3.3 4.78,
    dance 7.27 5.48, dark 5.08 4.09, delicate 6.38 3.09, depressed 2.27 4.25, depressing 2.48 3,
    depression 2.44 5.2, desperate 3.19 5, distraught 2.81 5.64, disturbing 2.68 5.65,
    dramatic 5.17 6.59, dreamy 7.52 4.9, eerie 3.4 5.57, elegant 7 4.43, emotional 5.11 5.32,
    energetic 7.57 6.1, energy 6.9 6.25, erotic 5.83 7.27, euphoric 7.8 5.25, excited 8.11 6.43,
    exciting 7.95 6.95, explosive 4.14 6.62, festive 7.14 5.67, fierce 4 5.7, fiery 5.7 5.64,
    frantic 3.79 5.39, fun 8.37 6.32, funny 7.59 5.38, gentle 7.42 3.17, giddy 6.17 5.32,
    gloomy 3.15 3.32, groovy 6.42 4.67, happiness 8.48 6.5, happy 8.47 6.05, harsh 3.44 5.63,
    hate 1.96 6.26, heartbreak 2.45 5.65, heartbroken 1.95 6.6, hopeful 7.44 4.84, hopeless 2.2 4.52,
    hostile 2.35 5.39, hyper 5.11 5.52, hypnotic 5.25 3.73, inspirational 6.95 4, intense 5.65 6.6,
    intimate 7.22 6.02, joy 8.21 5.55, joyful 8.21 5.53, joyous 7.45 6.62, lively 7.12 6.1,
    lonely 2.67 4.37, majestic 7.14 4.16, manic 4.19 4.55, meditation 7.21 2.5, melancholic 3.74 4.13,
    melancholy 3.74 4.13, mellow 6.68 2.81, menacing 3.14 4.76, motivation 6.24 4.73,
    motivational 6.76 6.37, mournful 3.32 2.78, mysterious 6.05 5.45, mystical 6.57 5.04,
    nervous 3.56 5.51, nostalgia 6.65 4.38, nostalgic 6.68 4.37, ominous 3.95 5.57, optimistic 7.45 4.19,
    outrageous 4.19 5.35, pain 2 6.27, painful 2.58 5.52, paranoid 2.9 5.09, party 7.18 6.08,
    passionate 7.17 6.33, peaceful 8 4.38, playful 7.63 5.89, positive 7.57 5.5, powerful 6.46 5.41,
    quiet 6.47 1.95, rage 2.5 6.62, rebellious 3.89 6.45, reckless 3.09 5.18, reflective 5.57 3.38,
    relax 7.82 2.38, relaxation 8 3.15, relaxed 7.25 2.49, relaxing 8.19 4.29, romantic 7.61 5.12,
    rousing 5.35 5.83, rowdy 4.16 4.88, sad 2.1 3.49, sadness 2.4 2.81, scary 3 5.35, sensual 7.4 6.35,
    sentimental 6.27 2.95, serene 6.9 4.67, sexual 6.64 6.95, sexy 7.42 6.8, silly 6.72 4.86,
    sleepy 4.36 3.04, smooth 6.42 2.76, soft 7.13 3.04, soothing 7.05 1.91, sorrow 2.95 3.55,
    spiritual 5.82 4.82, spooky 4.4 6, summer 7.5 5.48, sunny 7.95 5.38, sweet 7.77 4.14,
    tender 6.47 3.22, tense 2.75 5.32, thoughtful 7.26 2.55, thrilling 7.19 6.16, tragic 3.52 5.36,
    tranquil 7.11 2.61, upbeat 7.14 4.92, uplifting 6.95 4.7, upset 2.45 4.49, violent 2.26 6.3,
    volatile 3.45 5.35, warm 7.5 3.35, weary 3.25 2.9, whimsical 6.65 4.77, wild 5.94 5.9
"""

# Word -> valence, arousal.
NORMS: dict[str, tuple[float, float]] = {
    word: (float(valence), float(arousal)) for word, valence, arousal in map(str.split, _TABLE.split(","))
}
