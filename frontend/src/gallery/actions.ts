// What can be done with a photo, by whoever knows how; until they are there, nothing happens.
import type { Photo } from "./photo";

export const act = {
  download: (photo: Photo): void => void photo,
  rate: (photo: Photo, stars: number): void => void [photo, stars],
  flag: (photo: Photo, colour: string): void => void [photo, colour],
};
